# A headless browser for the pictures: Chromium, and playwright-core to drive it. Sourced after apt.sh.
# shellcheck shell=bash
# Both are found through the cache: browser/chromium is a link to the program, browser/node_modules the library.

browser=$cache/browser
playwright_version=1.65.1

have_browser() {
  [ -x "$browser/chromium" ] && [ "$(cat "$browser/.made-of" 2>/dev/null)" = "$playwright_version" ]
}

find_chromium() {
  local name
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name"; then return; fi
  done
  return 1
}

make_browser() {
  if have_browser; then return; fi
  command -v node >/dev/null && command -v npm >/dev/null ||
    die "node and npm are missing. Install Node 20 or later and start again: sudo apt-get install nodejs npm"
  mkdir -p "$browser"
  step "install playwright-core into the cache" \
    npm install --silent --no-save --no-package-lock --prefix "$browser" "playwright-core@$playwright_version" >&2
  local chromium
  if ! chromium=$(find_chromium); then
    if can_apt; then
      step "install chromium by apt-get" apt_install chromium
    else
      PLAYWRIGHT_BROWSERS_PATH=$browser/builds step "download Playwright's Chromium into the cache" \
        node "$browser/node_modules/playwright-core/cli.js" install chromium >&2 ||
        die "there is no Chromium. Install it and start again: sudo apt-get install chromium"
    fi
    chromium=$(find_chromium || ls "$browser"/builds/chromium-*/chrome-linux*/chrome 2>/dev/null | head -n 1)
  fi
  [ -x "$chromium" ] || die "there is no Chromium on PATH. Install it and start again: sudo apt-get install chromium"
  ln -sfn "$chromium" "$browser/chromium"
  echo "$playwright_version" >"$browser/.made-of"
}
