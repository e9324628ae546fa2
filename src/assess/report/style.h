/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_REPORT_STYLE_H
#define AQUIFER_ASSESS_REPORT_STYLE_H

/* Neither has a '<' or '&', so both stand in XML as they are. */
extern const char style_colours[]; /* of page and pictures: light, dark */
extern const char style_picture[]; /* classes that canvas_svg writes */
extern const char style_page[];

#endif
