/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/show/show_image.h - prints what a packed file, bundle or blob holds
 */
#ifndef PAYLOAD_SHOW_SHOW_IMAGE_H
#define PAYLOAD_SHOW_SHOW_IMAGE_H

#include "payload/lib/tool.h"

void show_image(const char *path, const struct bytes *file, bool wants_json);

#endif
