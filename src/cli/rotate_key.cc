#include <fmt/format.h>

#include <iostream>
#include <set>

#include "base/crypto.h"
#include "base/program.h"
#include "cli/commands.h"
#include "cli/home.h"

namespace windlass::cli {

namespace {

int failed(const Error& error) {
  std::cerr << "windlass: The new key is in force, but not everything is sealed with it yet: "
            << error.message << " Older keys stay; run `" << program::command("rotate-key")
            << "` again.\n";
  return kFailed;
}

}  // namespace

// Each step leaves an installation that works: the file holds every key that a value may be sealed
// with, until all are sealed with the new one.
int rotate_key(const LoadedSettings& loaded) {
  const auto home = open_home(loaded.settings);
  if (!home.ok()) return refuse(home.error());
  const SealingKey& key = (*home)->key;
  const auto file = loaded.settings.in_home(loaded.settings.secret_key_file);
  if (const auto added = SealingKey::add_key(file); !added.ok()) return refuse(added.error());
  std::set<std::string> unreadable;  // hashes: a value may come twice
  const auto seal_anew = [&](const std::string& sealed) -> Result<std::string> {
    const Result<std::string> plain = key.open(sealed);
    if (plain.ok()) return key.seal(*plain);
    unreadable.insert(content_hash(sealed));
    return sealed;
  };
  const auto inputs = (*home)->storage->results().reseal(seal_anew);
  if (!inputs.ok()) return failed(inputs.error());
  const auto secrets = (*home)->storage->git_repositories().reseal(seal_anew);
  if (!secrets.ok()) return failed(secrets.error());
  if (const auto left = SealingKey::forget_old_keys(file); !left.ok()) return failed(left.error());
  fmt::print("A new key is in force ({}); values sealed anew: {}.\n", key.id(), *inputs + *secrets);
  if (!unreadable.empty()) {
    std::cerr << fmt::format(
        "windlass: {} sealed values could not be opened with any key and stay as they are.\n",
        unreadable.size());
  }
  return kOk;
}

}  // namespace windlass::cli
