/* base/banned.h - functions that have no safe use here turn into compile errors.  Included by every .c file
 * through the compiler's -include, after the system headers it names below. */
#ifndef TMG_BASE_BANNED_H
#define TMG_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A library whose own header names one of them is included before the ban: -DTMG_BEFORE_BAN='<its.h>'. */
#ifdef TMG_BEFORE_BAN
#include TMG_BEFORE_BAN
#endif

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok gmtime localtime ctime asctime atoi atol atoll atof

#endif
