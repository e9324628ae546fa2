/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/clones_sshkey.h"

/* An RSA key of 32768 bits and its exponent fit. */
#define BLOB_BYTES_MAX 8704

struct blob {
	const uint8_t *next;
	size_t left_bytes;
};

struct type_row {
	const char *name;
	unsigned bits;   /* 0: to be read from the key */
	unsigned n_skip; /* fields between the type and the one that counts */
};

/* The field that tells the size: RSA's n after e, DSA's p. */
static const struct type_row types[] = {
	{ "ssh-rsa", 0, 1 },
	{ "ssh-dss", 0, 0 },
	{ "ssh-ed25519", 256, 0 },
	{ "ssh-ed448", 448, 0 },
	{ "ecdsa-sha2-nistp256", 256, 0 },
	{ "ecdsa-sha2-nistp384", 384, 0 },
	{ "ecdsa-sha2-nistp521", 521, 0 },
	{ "sk-ssh-ed25519@openssh.com", 256, 0 },
	{ "sk-ecdsa-sha2-nistp256@openssh.com", 256, 0 },
};

/*
 * Private halves that anybody can download: rapid7/ssh-badkeys (appliances and
 * images; each found in a product that was sold) and Vagrant's own.
 */
/* clang-format off */
static const struct {
	const char *fingerprint;
	const char *what;
} published[] = {
	{ "1M4RzhMyWuFS/86uPY/ce2prh/dVTHW7iD2RhpquOZA",
	  "Vagrant's insecure key (RSA)" },
	{ "WkvqjnyPAeC0cbPErYiGP9vqHdgL1MqqvPdIe3lvHgI",
	  "Vagrant's insecure key (Ed25519)" },
	{ "/JLp6z6uGE3BPcs70RQob6QOdEWQ6nDC0xY7ejPOCc0",
	  "the key of Array Networks vAPV and vxAG" },
	{ "whDP3xjKBEettbDuecxtGsfWBST+78gb6McdB9P7jCU",
	  "the key of the Barracuda load balancer VM" },
	{ "Z+q4XhSwWY7q0BIDVPR1v/S306FjGBsid7tLq/8kIxM",
	  "the key of CVE-2015-0936 (Ceragon FibeAir)" },
	{ "9prMbqhS4QteoFQ1ZRJDqSBLWoHXPyKB0iWR05Ghro4",
	  "the key of CVE-2012-1493 (F5 BIG-IP)" },
	{ "MEc4HfsOlMqJ3/9QMTmrKn5Xj/yfnMITMW8EwfUfTww",
	  "the key of Loadbalancer.org Enterprise VA" },
	{ "aPoYT2nPIfhqv6BIlbCCpbDjirBxaDFOtPfZ2K20uWw",
	  "the key of CVE-2013-0137 (Monroe DASDEC)" },
	{ "VtjqZ5fiaeoZ3mXOYi49Lk9aO31iT4pahKFP9JPiQPc",
	  "the key of Quantum DXi V1000" },
	{ "4REJomy/ZbGbLVcbZzR/i6CQuzF+EI6DMvu/lHCxh4M",
	  "the host key of a Kali Linux image for the Raspberry Pi 2" },
	{ "TC9ANa1Feew8aA+jxSk0X2V8V7e7fpSrYyL3MXdU7cA",
	  "the host key of Seagate GoFlex (DSA)" },
	{ "WtRSB8XG5R0LFE1KvRKV7sa2pTCQBpbVm8W7QLbCb5A",
	  "the host key of Seagate GoFlex (RSA)" },
	{ "wuCw9eo7BPNjjv7e8qmXryjpZ9MGspIwmu8KoSH/Tis",
	  "the host key of Tandberg VCS" },
	{ "fKki+o9MyIk8XUThmRfoejJudcef7mGvkooMCBLyqCM",
	  "the host key of Advantech EKI" },
	{ "/rr9hHdFl2699bf+yo5oERj1wds/JKyOrHi8txBuEQs",
	  "the host key of Moxa IA240 (DSA)" },
	{ "IO79IWaJRJC8/ZM2PfpsxzkpOk4+RY0pqbWt0v95hPg",
	  "the host key of Moxa IA240 (RSA)" },
};
/* clang-format on */

const char *ssh_key_published(const char *fingerprint)
{
	for (size_t i = 0; i < ARRAY_LEN(published); i++)
		if (strcmp(fingerprint, published[i].fingerprint) == 0)
			return published[i].what;
	return NULL;
}

static unsigned modulo(const uint8_t *n, size_t len_bytes, unsigned p)
{
	unsigned r = 0;

	for (size_t i = 0; i < len_bytes; i++)
		r = (r << 8 | n[i]) % p;
	return r;
}

static bool is_power_of_65537(unsigned r, unsigned p)
{
	const unsigned g = 65537 % p;
	unsigned power = 1;

	do {
		if (power == r)
			return true;
		power = power * g % p;
	} while (power != 1 && power != 0);
	return false;
}

/*
 * The library makes its primes as k M + (65537^a mod M), where M is the product
 * of the first primes, at least those to 167. Both primes of a modulus are so
 * made, hence the modulus itself is a power of 65537 modulo M.
 */
bool ssh_modulus_is_roca(const uint8_t *modulus, size_t len_bytes)
{
	static const uint8_t primes[] = {
		3,   5,   7,   11,  13,  17,  19,  23,  29,  31,  37,  41,  43,
		47,  53,  59,  61,  67,  71,  73,  79,  83,  89,  97,  101, 103,
		107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
	};

	if (len_bytes < 64)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(primes); i++)
		if (!is_power_of_65537(modulo(modulus, len_bytes, primes[i]),
				       primes[i]))
			return false;
	return true;
}

static bool take(struct blob *b, const uint8_t **ret_field, size_t *ret_len)
{
	size_t len;

	if (b->left_bytes < 4)
		return false;
	len = load_be32(b->next);
	if (len > b->left_bytes - 4)
		return false;
	*ret_field = b->next + 4;
	*ret_len = len;
	b->next += 4 + len;
	b->left_bytes -= 4 + len;
	return true;
}

static unsigned count_bits(const uint8_t *n, size_t len_bytes)
{
	unsigned bits;

	while (len_bytes > 0 && *n == 0) {
		n++;
		len_bytes--;
	}
	if (len_bytes == 0)
		return 0;
	bits = (unsigned)len_bytes * 8;
	for (unsigned top = *n; (top & 0x80) == 0; top <<= 1)
		bits--;
	return bits;
}

static int parse_blob(const struct type_row *type, const uint8_t *raw,
		      size_t len_bytes, struct ssh_key *k)
{
	struct blob b = { raw, len_bytes };
	const uint8_t *field;
	size_t len;

	if (!take(&b, &field, &len) || len != strlen(type->name) ||
	    memcmp(field, type->name, len) != 0)
		return -EBADMSG;
	for (unsigned i = 0; i <= type->n_skip; i++)
		if (!take(&b, &field, &len))
			return -EBADMSG;
	k->bits = type->bits;
	if (type->bits == 0)
		k->bits = count_bits(field, len);
	if (k->bits == 0)
		return -EBADMSG;
	if (type->n_skip == 1)
		k->roca = ssh_modulus_is_roca(field, len);
	return 0;
}

static const struct type_row *find_type(const char *word, size_t len)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (strlen(types[i].name) == len &&
		    memcmp(types[i].name, word, len) == 0)
			return &types[i];
	return NULL;
}

/* Options hold blanks within quotes: command="a b" ssh-rsa AAAA... */
static const char *word_end(const char *text)
{
	bool quoted = false;

	for (; *text != '\0' && (quoted || (*text != ' ' && *text != '\t'));
	     text++) {
		if (*text == '\\' && text[1] == '"')
			text++;
		else if (*text == '"')
			quoted = !quoted;
	}
	return text;
}

static const char *skip_blanks(const char *text)
{
	return text + strspn(text, " \t\r\n");
}

int ssh_key_parse(const char *line, struct ssh_key *ret_key)
{
	const struct type_row *type = NULL;
	uint8_t raw[BLOB_BYTES_MAX];
	struct ssh_key k;
	const char *end;
	size_t len = 0;

	line = skip_blanks(line);
	if (*line == '\0' || *line == '#')
		return -ENODATA;
	while (type == NULL && *line != '\0') {
		end = word_end(line);
		type = find_type(line, (size_t)(end - line));
		line = skip_blanks(end);
	}
	if (type == NULL)
		return -EBADMSG;
	len = strcspn(line, " \t\r\n");
	memset(&k, 0, sizeof k);
	if (sodium_base642bin(raw, sizeof raw, line, len, NULL, &len, &end,
			      sodium_base64_VARIANT_ORIGINAL) != 0)
		return -EBADMSG;
	if (parse_blob(type, raw, len, &k) < 0)
		return -EBADMSG;
	memcpy(k.type, type->name, strlen(type->name));
	(void)crypto_hash_sha256(k.sha256, raw, len);
	(void)sodium_bin2base64(k.fingerprint, sizeof k.fingerprint, k.sha256,
				sizeof k.sha256,
				sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	k.published = ssh_key_published(k.fingerprint);
	*ret_key = k;
	return 0;
}
