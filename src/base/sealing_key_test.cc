#include "base/sealing_key.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <set>
#include <thread>
#include <vector>

#include "base/files.h"

namespace windlass {
namespace {

class SealingKeyTest : public ::testing::Test {
 protected:
  TemporaryFolder folder_ = TemporaryFolder::make().value();
  std::filesystem::path file_ = folder_.path() / "secret.key";
};

TEST_F(SealingKeyTest, OpensWhatItSealed) {
  const SealingKey key = *SealingKey::load_or_create(file_);
  const std::string sealed = key.seal("hunter2");
  EXPECT_EQ(sealed.find("hunter2"), std::string::npos);
  EXPECT_NE(key.seal("hunter2"), sealed) << "a nonce a value";
  EXPECT_EQ(*key.open(sealed), "hunter2");
  EXPECT_EQ(*key.open(key.seal("")), "");
}

TEST_F(SealingKeyTest, IsTheSameAfterARestart) {
  const std::string sealed = SealingKey::load_or_create(file_)->seal("kept");
  EXPECT_EQ(*SealingKey::load_or_create(file_)->open(sealed), "kept");
  struct stat status {};
  ASSERT_EQ(::stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(SealingKeyTest, TellsAnotherKeyFromDamage) {
  const SealingKey key = *SealingKey::load_or_create(file_);
  const SealingKey other = *SealingKey::load_or_create(folder_.path() / "other.key");
  EXPECT_EQ(other.open(key.seal("x")).error().code, "key.other");
  std::string damaged = key.seal("some text that is long enough");
  damaged[damaged.size() / 2] = damaged[damaged.size() / 2] == 'A' ? 'B' : 'A';
  EXPECT_EQ(key.open(damaged).error().code, "key.damaged");
  EXPECT_EQ(key.open(key.id() + ":").error().code, "key.damaged");
  EXPECT_EQ(key.open("").error().code, "key.other");
}

TEST_F(SealingKeyTest, RefusesAFileThatOthersMayRead) {
  ASSERT_TRUE(SealingKey::load_or_create(file_).ok());
  ASSERT_EQ(::chmod(file_.c_str(), 0640), 0);
  EXPECT_EQ(SealingKey::load_or_create(file_).error().code, "key.unsafe_mode");
}

TEST_F(SealingKeyTest, RefusesAFileThatHoldsNoKey) {
  ASSERT_TRUE(write_new_file(file_, "abcdef\n", 0600).ok());
  EXPECT_EQ(SealingKey::load_or_create(file_).error().code, "key.invalid");
}

TEST_F(SealingKeyTest, ProcessesThatStartTogetherAgreeOnOneKey) {
  std::vector<std::string> ids(8);
  std::vector<std::thread> threads;
  for (std::string& id : ids) {
    threads.emplace_back([&id, this] {
      const auto key = SealingKey::load_or_create(file_);
      id = key.ok() ? key->id() : key.error().message;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), 1u) << ids[0] << " and " << ids[1];
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 1);
}

TEST_F(SealingKeyTest, ARotatedKeySealsAndTheOneBeforeOnlyOpens) {
  const SealingKey key = *SealingKey::load_or_create(file_);
  const std::string old_id = key.id();
  const std::string old = key.seal("old");
  ASSERT_TRUE(SealingKey::add_key(file_).ok());
  EXPECT_EQ(*key.open(old), "old");
  const std::string anew = key.seal("new");
  EXPECT_NE(key.id(), old_id) << "the new file is noticed when something is sealed";
  EXPECT_TRUE(anew.starts_with(key.id() + ":"));
  EXPECT_EQ(*SealingKey::load_or_create(file_)->open(anew), "new");
  struct stat status {};
  ASSERT_EQ(::stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(SealingKeyTest, AValueOfAnUnknownKeyMakesItLookAtTheFile) {
  const SealingKey slow = *SealingKey::load_or_create(file_);
  ASSERT_TRUE(SealingKey::add_key(file_).ok());
  const std::string anew = SealingKey::load_or_create(file_)->seal("new");
  EXPECT_EQ(*slow.open(anew), "new");
}

TEST_F(SealingKeyTest, ForgettingLeavesTheKeyInForceAndTheOneBefore) {
  const std::string first = SealingKey::load_or_create(file_)->seal("1");
  ASSERT_TRUE(SealingKey::add_key(file_).ok());
  const std::string second = SealingKey::load_or_create(file_)->seal("2");
  ASSERT_TRUE(SealingKey::add_key(file_).ok());
  const SealingKey key = *SealingKey::load_or_create(file_);
  const std::string third = key.seal("3");
  EXPECT_EQ(*key.open(first), "1") << "no key goes before everything was sealed anew";
  ASSERT_TRUE(SealingKey::forget_old_keys(file_).ok());
  ASSERT_TRUE(SealingKey::forget_old_keys(file_).ok()) << "twice is fine";
  const SealingKey after = *SealingKey::load_or_create(file_);
  EXPECT_EQ(after.open(first).error().code, "key.other");
  EXPECT_EQ(*after.open(second), "2");
  EXPECT_EQ(*after.open(third), "3");
}

TEST_F(SealingKeyTest, GoesOnWithItsKeysWhileTheFileCannotBeRead) {
  const SealingKey key = *SealingKey::load_or_create(file_);
  const std::string sealed = key.seal("x");
  ASSERT_TRUE(replace_file(file_, "broken\n", 0600).ok());
  EXPECT_EQ(*key.open(key.seal("y")), "y");
  ASSERT_TRUE(std::filesystem::remove(file_));
  EXPECT_EQ(*key.open(key.seal("y")), "y");
  EXPECT_EQ(*key.open(sealed), "x");
  EXPECT_EQ(key.open("0123456789abcdef:AAAA").error().code, "key.other");
}

TEST_F(SealingKeyTest, NoFileOfManyKeysHasABrokenOne) {
  ASSERT_TRUE(SealingKey::load_or_create(file_).ok());
  const std::string good = *read_file(file_);
  ASSERT_TRUE(replace_file(file_, good + "abc\n", 0600).ok());
  EXPECT_EQ(SealingKey::load_or_create(file_).error().code, "key.invalid");
  EXPECT_EQ(SealingKey::add_key(file_).error().code, "key.invalid");
  EXPECT_EQ(*read_file(file_), good + "abc\n") << "left as it is";
}

TEST_F(SealingKeyTest, SealsFromManyThreadsWhileTheKeyChanges) {
  const SealingKey key = *SealingKey::load_or_create(file_);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 200; ++n) EXPECT_EQ(*key.open(key.seal("text")), "text");
    });
  }
  for (int n = 0; n < 5; ++n) EXPECT_TRUE(SealingKey::add_key(file_).ok());
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace windlass
