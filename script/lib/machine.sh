# shellcheck shell=bash
# What the scripts know about this machine. Sourced by script/*, never run; bash 4 or later.
# Answers where things are and whether they are new enough; installs nothing.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${WAYBILL_CACHE:-$HOME/.cache/waybill}
target=${CARGO_TARGET_DIR:-$root/target}
case $target in /*) ;; *) target=$root/$target ;; esac
export WAYBILL_CACHE=$cache
export PATH=$cache/tools/bin:$HOME/.cargo/bin:$PATH

least_rust=1.95
least_node=20.19

say() { printf '%s\n' "$*"; }
fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# at_least WANTED FOUND: whether a dotted version is not older than another.
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

is_debian() { command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; }

has_display() { [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; }

# Rust and Node are the two things that these scripts do not install: which one and how is the reader's choice.
check_toolchains() {
  local found missing=0
  if ! command -v cargo >/dev/null || ! command -v rustc >/dev/null; then
    say "Rust $least_rust or newer is missing. Install it:" >&2
    say "  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh" >&2
    missing=1
  else
    found=$(rustc --version | sed -E 's/^rustc ([0-9.]+).*/\1/')
    if ! at_least "$least_rust" "$found"; then
      say "Rust $least_rust or newer is needed, this is $found. Update it:" >&2
      if command -v rustup >/dev/null; then
        say "  rustup update stable && rustup default stable" >&2
      else
        say "  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh" >&2
      fi
      missing=1
    fi
  fi
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    say "Node $least_node or newer, with npm, is missing. Install it:" >&2
    node_step >&2
    missing=1
  else
    found=$(node --version | tr -d v)
    if ! at_least "$least_node" "$found"; then
      say "Node $least_node or newer is needed, this is $found. Update it:" >&2
      node_step >&2
      missing=1
    fi
  fi
  [ "$missing" = 0 ] || exit 1
}

# The distribution's own package where it is new enough, else nvm, which needs no rights.
node_step() {
  local offered=""
  if is_debian; then
    offered=$(apt-cache policy nodejs 2>/dev/null | sed -nE 's/^ *Candidate: ([0-9]+:)?([0-9.]+).*/\2/p')
  fi
  if [ -n "$offered" ] && at_least "$least_node" "$offered"; then
    say "  sudo apt-get install nodejs npm"
  else
    say "  curl -o- https://raw.githubusercontent.com/nvm-sh/nvm/v0.40.3/install.sh | bash && . ~/.nvm/nvm.sh && nvm install 22"
  fi
}
