# shellcheck shell=bash
# A virtual screen that ends with the script. Sourced after machine.sh; the script's EXIT belongs to it.

screen_state=""
screen_pid=""

# start_screen: exports DISPLAY. Wider than the desk's window: what is dragged starts beside it.
start_screen() {
  local waited=0
  screen_state=$(mktemp -d)
  trap end_screen EXIT
  trap 'exit 130' INT TERM
  # Xvfb chooses a free number and tells it when it is ready.
  Xvfb -displayfd 3 -screen 0 1800x1000x24 -nolisten tcp 3>"$screen_state/display" >"$screen_state/xvfb.log" 2>&1 </dev/null &
  screen_pid=$!
  until [ -s "$screen_state/display" ]; do
    if ! kill -0 "$screen_pid" 2>/dev/null || [ $waited -gt 300 ]; then
      fail "The virtual screen did not start; it said: $(cat "$screen_state/xvfb.log")"
    fi
    sleep 0.1
    waited=$((waited + 1))
  done
  DISPLAY=:$(tr -d '[:space:]' <"$screen_state/display")
  export DISPLAY
}

end_screen() {
  if [ -n "$screen_pid" ]; then kill "$screen_pid" 2>/dev/null || true; fi
  rm -rf "$screen_state"
}
