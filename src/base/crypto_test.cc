#include "base/crypto.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <set>
#include <thread>
#include <vector>

#include "base/files.h"

namespace windlass {
namespace {

TEST(Hash, IsBlake2b256) {
  EXPECT_EQ(content_hash(""), "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  EXPECT_NE(content_hash("a"), content_hash("b"));
}

TEST(Hash, OfPiecesEqualsHashOfTheWhole) {
  ContentHasher hasher;
  hasher.add("wind");
  hasher.add("");
  hasher.add("lass");
  EXPECT_EQ(hasher.hex(), content_hash("windlass"));
}

TEST(Random, IsHexadecimalAndDiffers) {
  const std::string text = random_hex(16);
  EXPECT_EQ(text.size(), 32u);
  EXPECT_EQ(text.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(random_hex(16), text);
}

TEST(ConstantTimeEqual, Compares) {
  EXPECT_TRUE(constant_time_equal("abc", "abc"));
  EXPECT_FALSE(constant_time_equal("abc", "abd"));
  EXPECT_FALSE(constant_time_equal("abc", "ab"));
  EXPECT_TRUE(constant_time_equal("", ""));
}

TEST(Password, VerifiesOnlyTheSamePassword) {
  const std::string stored = *hash_password("open sesame");
  EXPECT_EQ(stored.rfind("$argon2id$", 0), 0u);
  EXPECT_TRUE(verify_password(stored, "open sesame"));
  EXPECT_FALSE(verify_password(stored, "open sesame "));
  EXPECT_FALSE(verify_password("", "open sesame"));
  EXPECT_FALSE(verify_password("no hash at all", ""));
  EXPECT_NE(*hash_password("open sesame"), stored) << "salted";
}

class SealingKeyTest : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
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

}  // namespace
}  // namespace windlass
