#!/bin/sh
# Installs the build in $1, moves the tree elsewhere, and builds and runs with it what an author has:
# by find_package and by pkg-config, with each compiler that is there.
set -eu
build=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --prefix "$work/first" >/dev/null
mv "$work/first" "$work/tree"
if grep -rIlF -e "$work/first" -e "$build" "$work/tree"; then
  echo "the files above name the folder where the tree was built or installed" >&2
  exit 1
fi

if grep -rIil boost "$work/tree"; then
  echo "the files above name a library that authors need not have" >&2
  exit 1
fi

# libyaml is in the library, under no name that anyone else sees.
if nm -g "$work/tree/lib/libwindlass-jobs.a" | grep ' yaml_' || nm -D "$work/tree/bin"/* | grep ' yaml_'; then
  echo "the library or the runner needs libyaml, or offers it" >&2
  exit 1
fi

# The standard library is all that jobs.hpp needs.
for header in "$work/tree/include/windlass/jobs.hpp" "$work/tree/include/windlass/jobs"/*.hpp; do
  if sed -n 's/^ *# *include *<\([^>]*\)>.*/\1/p' "$header" | grep -v '^windlass/' | grep '[./]'; then
    echo "$header includes the above, which are not of the C++ standard library" >&2
    exit 1
  fi
done

# The test helper is headers alone: nothing of it is in the library.
if nm -C --defined-only "$work/tree/lib/libwindlass-jobs.a" | grep windlass::testing; then
  echo "the symbols above of windlass/testing.hpp are in the library" >&2
  exit 1
fi

for compiler in g++ g++-11 clang++-14; do
  command -v "$compiler" >/dev/null || continue
  echo "with $compiler"
  cmake -S "$here/package" -B "$work/$compiler" -DCMAKE_CXX_COMPILER="$compiler" \
    -DCMAKE_PREFIX_PATH="$work/tree" >/dev/null
  cmake --build "$work/$compiler" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
  "$work/$compiler/my_jobs_test" --gtest_brief=1
  for header in "$work/tree/include/windlass"/*.hpp "$work/tree/include/windlass/testing"/*.hpp; do
    "$compiler" -std=c++20 -fsyntax-only -Wall -Wextra -Wconversion -Werror -fno-rtti -x c++ \
      -I"$work/tree/include" -include "$header" /dev/null 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
  done
  if nm -D --defined-only "$work/$compiler/my_jobs.so" | grep -E ' u |Greet'; then
    echo "the symbols above of a module could clash with another module's" >&2
    exit 1
  fi
  flags=$(PKG_CONFIG_PATH="$work/tree/lib/pkgconfig" pkg-config --cflags windlass)
  libraries=$(PKG_CONFIG_PATH="$work/tree/lib/pkgconfig" pkg-config --libs windlass)
  # Both are lists of words.
  # shellcheck disable=SC2086
  "$compiler" $flags -Werror -shared "$here/package/greet.cc" -o "$work/greet.so"
  # shellcheck disable=SC2086
  "$compiler" $flags "$here"/package/*.cc $libraries -lgtest -lgtest_main -o "$work/test"
  "$work/test" --gtest_brief=1
done
