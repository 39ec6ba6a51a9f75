/* base/banned.h - functions that have no safe use here turn into compile errors.  Included by every .c file
 * through the compiler's -include, after the system headers it names below. */
#ifndef TMG_BASE_BANNED_H
#define TMG_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok gmtime localtime ctime asctime atoi atol atoll atof

#endif
