# Shared by ./start and ./check: installs what is missing, builds, shows progress in one line per step.
# Sourced, not run.

CORE_PACKAGES="build-essential meson ninja-build pkg-config python3 iso-codes libevent-dev libsqlite3-dev
libxml2-dev libsodium-dev libssl-dev libxgboost-dev libpango1.0-dev libcairo2-dev libqrencode-dev libxlsxwriter-dev
fonts-noto-core"
CHECK_PACKAGES="libcmocka-dev clang libclang-rt-14-dev sqlite3 chromium poppler-utils"

say() { printf '%s\n' "$*"; }

# step WORDS COMMAND...: runs it with its output in $LOG; shows how long it takes; on failure shows the end of the log.
step() {
    local words=$1 from=$SECONDS pid
    shift
    [ -t 1 ] && printf '  %-42s ...' "$words"
    "$@" >>"$LOG" 2>&1 &
    pid=$!
    while [ -t 1 ] && kill -0 "$pid" 2>/dev/null; do
        printf '\r  %-42s %4ds' "$words" $((SECONDS - from))
        sleep 1
    done
    if wait "$pid"; then
        [ -t 1 ] && printf '\r'
        printf '  %-42s %4ds\n' "$words" $((SECONDS - from))
    else
        printf '\n%s failed; the end of %s says:\n' "$words" "$LOG"
        tail -n 30 "$LOG"
        exit 1
    fi
}

missing_packages() {
    local p
    for p in $1; do
        dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || printf '%s ' "$p"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        say "These packages must be installed by root: $*"
        return 1
    fi
}

install_packages() {
    local list
    list=$(missing_packages "$1")
    [ -z "$list" ] && return 0
    if ! command -v apt-get >/dev/null; then
        say "Not a Debian system: please install $list by hand"
        exit 1
    fi
    # sudo must ask on the terminal before its output goes to the log.
    [ "$(id -u)" = 0 ] || as_root true || exit 1
    step "updating the package lists" as_root apt-get update
    # shellcheck disable=SC2086 # a list of words
    step "installing $(echo "$list" | wc -w) packages" as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends $list
}

# build FOLDER [meson options]: configures once, then builds what changed.
build() {
    local dir=$1
    shift
    [ -f "$dir/build.ninja" ] || meson setup "$dir" "$@" || return 1
    ninja -C "$dir"
}

# The front end needs Node.js 18 or newer; Debian's own will do.
install_node() {
    if ! command -v npm >/dev/null || [ "$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)" -lt 18 ]; then
        install_packages "nodejs npm"
    fi
}

# Is dist/ older than anything it is made from?
ui_is_stale() {
    [ ! -f ui/dist/index.html ] ||
        [ -n "$(find ui/src ui/public ui/index.html ui/package-lock.json ui/vite.config.ts api -newer ui/dist/index.html -print -quit)" ]
}

ui_packages() {
    [ -f ui/node_modules/.package-lock.json ] && [ ! ui/package-lock.json -nt ui/node_modules/.package-lock.json ] && return 0
    (cd ui && npm ci --no-audit --no-fund --loglevel=error) && touch ui/node_modules/.package-lock.json
}

ui_build() { (cd ui && npm run build); }

build_ui() {
    ui_is_stale || return 0
    install_node
    step "fetching the front end's packages" ui_packages
    step "building the front end" ui_build
}
