/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80090B_COMPRESSION_G_H
#define AQUIFER_ASSESS_SP80090B_COMPRESSION_G_H

#include <stdint.h>

#define COMPRESSION_D 1000 /* blocks that only fill the dictionary */

struct compression_g {
	double blocks;
	double log2_of[COMPRESSION_D + 1];
};

void compression_g_init(struct compression_g *g, uint64_t blocks);

/*
 * G(z) of SP 800-90B 6.3.4 step 7, 0 < z < 1, in a time that does not depend
 * on the number of blocks; relative error below 1e-13.
 */
double compression_g(const struct compression_g *g, double z);

#endif
