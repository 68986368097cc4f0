#include "base/crypto.h"

#include <gtest/gtest.h>

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

// RFC 4231, test cases 2 and 6.
TEST(Crypto, HmacSha256IsTheStandards) {
  EXPECT_EQ(hmac_sha256("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac_sha256(std::string(131, '\xaa'),
                        "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

}  // namespace
}  // namespace windlass
