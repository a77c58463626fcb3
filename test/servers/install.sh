#!/bin/bash
# Makes ready what the suite against real servers needs, on Debian 12, as root. Safe to run again: what is there stays.
#
# Postfix, Exim and OpenSMTPD are each *the* mail transport agent of a Debian machine, so only one of them can be
# installed. They are unpacked below .vscode-test/servers/ instead, side by side, and run from there; a mail server of
# the machine itself is left alone.
set -euo pipefail
cd "$(dirname "$0")/../.."
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
unpacked=(postfix exim4-base exim4-daemon-light opensmtpd)
target=$PWD/.vscode-test/servers

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo 'The servers of this suite come from Debian and are installed as root.' >&2
  exit 1
fi

mapfile -t packages < <(grep -v '^\s*\(#\|$\)' test/servers/packages.txt)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done

policy=/usr/sbin/policy-rc.d
made_policy=
cleanup() { [ -z "$made_policy" ] || rm -f "$policy"; }
trap cleanup EXIT
if [ ${#missing[@]} -gt 0 ]; then
  # No server of the machine is to start because this suite wants its program.
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    made_policy=1
  fi
  echo "Installing: ${missing[*]}"
  apt-get install -y --no-install-recommends "${missing[@]}" >/tmp/mailbench-servers.log 2>&1 || {
    apt-get update >>/tmp/mailbench-servers.log 2>&1
    apt-get install -y --no-install-recommends "${missing[@]}" >>/tmp/mailbench-servers.log 2>&1 || {
      tail -n 30 /tmp/mailbench-servers.log
      exit 1
    }
  }
fi

mkdir -p "$target"
for package in "${unpacked[@]}"; do
  directory=$target/$package
  [ -f "$directory/.complete" ] && continue
  echo "Unpacking: $package"
  rm -rf "$directory" "$target/download"
  mkdir -p "$directory" "$target/download"
  # Packages are fetched as the user _apt, who may not write below this directory.
  chmod 777 "$target/download"
  download() { (cd "$target/download" && apt-get download "$package") >>/tmp/mailbench-servers.log 2>&1; }
  download || { apt-get update >>/tmp/mailbench-servers.log 2>&1 && download; } || {
    tail -n 30 /tmp/mailbench-servers.log
    exit 1
  }
  dpkg-deb -x "$target"/download/"$package"_*.deb "$directory"
  rm -rf "$target/download"
  touch "$directory/.complete"
done

# The servers drop their privileges to users of their own, whose names are built into them.
user() {
  getent group "$1" >/dev/null || groupadd --system "$1"
  getent passwd "$1" >/dev/null || useradd --system --gid "$1" --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin "$1"
}
user postfix
getent group postdrop >/dev/null || groupadd --system postdrop
user Debian-exim
user opensmtpd
user opensmtpq
