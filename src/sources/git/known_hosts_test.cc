#include "sources/git/known_hosts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "sources/git/library.h"

namespace windlass::sources {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Written by ssh-keygen; the hashed names by ssh-keygen -H.
const std::string kEd25519 = "AAAAC3NzaC1lZDI1NTE5AAAAIFTBBK8Lzv0Ls8gZm9GiKv3zctbuE40x+oI8ovadP/CW";
const std::string kEcdsa =
    "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBGtF9YbOJwsvNY4z/0xjY8uMtAVv5LbjSOPvlLbDI"
    "dFfZ51ewg2WZ0EDnoG0S+FIoqOw7HnCPjKIODztnpLTonM=";
const std::string kHashed = "|1|6ZmcLbnkj1KTC38sj8Qm4Ydv1tk=|ffgISYfUtAGGntgzm1eqj0QnuqE=";
const std::string kHashedPort2222 = "|1|JyDNUjlBgD1ssYZsLIHPO9IUT1k=|enfRY6S0tmWl00LsO90xrUAw+xg=";

class KnownHosts : public ::testing::Test {
 protected:
  KnownHosts() { prepare_git(); }
  static HostKey key(const std::string& text) {
    HostKey key;
    EXPECT_TRUE(base64_decode(text, &key.blob));
    key.fingerprint = "SHA256:KD7gnrx2h33e4cLmWHXvStnhG/Qy9HjyXbRNR0GxqYk";
    return key;
  }
  static Result<void> check(const std::string& lines, const std::string& host = "git.example.com",
                            int port = 22, const std::string& shown = kEd25519) {
    return check_host_key(lines, host, port, key(shown));
  }
  static std::string ed25519(const std::string& names) {
    return names + " ssh-ed25519 " + kEd25519;
  }
  static std::string ecdsa(const std::string& names) {
    return names + " ecdsa-sha2-nistp256 " + kEcdsa;
  }
};

TEST_F(KnownHosts, AKnownKeyIsTaken) {
  EXPECT_TRUE(check(ed25519("git.example.com")).ok());
  EXPECT_TRUE(check("# comment\n\n" + ed25519("other,git.example.com") + " comment\r\n").ok());
  EXPECT_TRUE(check(ed25519("Git.Example.com"), "GIT.example.com").ok());
  EXPECT_TRUE(check(ed25519("*.example.com")).ok());
  EXPECT_TRUE(check(ecdsa("git.example.com") + "\n" + ed25519("git.example.com")).ok());
}

TEST_F(KnownHosts, HashedNamesAreKnown) {
  EXPECT_TRUE(check(ed25519(kHashed)).ok());
  EXPECT_FALSE(check(ed25519(kHashed), "other.example.com").ok());
  EXPECT_FALSE(check(ed25519(kHashed), "git.example.com", 2222).ok());
  EXPECT_TRUE(check(ed25519(kHashedPort2222), "git.example.com", 2222).ok());
  EXPECT_FALSE(check(ed25519(kHashedPort2222)).ok());
}

TEST_F(KnownHosts, APortIsPartOfTheName) {
  EXPECT_TRUE(check(ed25519("[git.example.com]:2222"), "git.example.com", 2222).ok());
  EXPECT_FALSE(check(ed25519("git.example.com"), "git.example.com", 2222).ok());
  EXPECT_FALSE(check(ed25519("[git.example.com]:2222")).ok());
}

TEST_F(KnownHosts, AnUnknownHostIsRefusedWithTheLineToAdd) {
  for (const std::string& lines :
       {std::string(), ed25519("other.example.com"), ed25519("example.com"),
        ed25519("!git.example.com,*.example.com"), std::string("git.example.com ssh-ed25519"),
        "git.example.com ssh-rsa " + kEd25519, std::string("git.example.com ssh-ed25519 ####"),
        "@cert-authority " + ed25519("*"), std::string("|1|x ssh-ed25519 ") + kEd25519}) {
    const auto checked = check(lines);
    ASSERT_FALSE(checked.ok()) << lines;
    EXPECT_EQ(checked.error().code, "git.host_key");
    EXPECT_THAT(checked.error().message, HasSubstr("is not known"));
    EXPECT_THAT(checked.error().message, HasSubstr("SHA256:KD7gnrx2h33e4cLmWHXv"));
    EXPECT_THAT(checked.error().message, HasSubstr(ed25519("git.example.com")));
  }
}

TEST_F(KnownHosts, AChangedKeyIsRefusedAsSuch) {
  const auto checked = check(ecdsa("git.example.com"));
  ASSERT_FALSE(checked.ok());
  EXPECT_EQ(checked.error().code, "git.host_key");
  EXPECT_THAT(checked.error().message, HasSubstr("another one than the known hosts have"));
  EXPECT_FALSE(check(ecdsa(kHashed)).ok());
}

TEST_F(KnownHosts, ARevokedKeyIsRefusedEvenWhenItIsListed) {
  const auto checked = check(ed25519("git.example.com") + "\n@revoked " + ed25519("*.example.com"));
  ASSERT_FALSE(checked.ok());
  EXPECT_THAT(checked.error().message, HasSubstr("revoked"));
}

TEST_F(KnownHosts, TheServerIsAskedForKeysThatAreKnown) {
  const std::string lines = ecdsa("git.example.com") + "\n" + ed25519(kHashed) + "\n" +
                            ecdsa("git.example.com") + "\n@revoked " + ed25519("x.example.com");
  EXPECT_THAT(known_key_types(lines, "git.example.com", 22),
              ElementsAre("ecdsa-sha2-nistp256", "ssh-ed25519"));
  EXPECT_THAT(known_key_types(lines, "x.example.com", 22), IsEmpty());
}

TEST_F(KnownHosts, WhatIsNoKeyHasNoType) {
  EXPECT_EQ(key_type(key(kEd25519).blob), "ssh-ed25519");
  EXPECT_EQ(key_type(""), "");
  EXPECT_EQ(key_type("abc"), "");
  EXPECT_EQ(key_type(std::string("\xff\xff\xff\xff", 4)), "");
}

}  // namespace
}  // namespace windlass::sources
