/* A host whose monotonic clock drifts: preloaded into its processes, which all see the same clock.

   DRIFT_BEGIN_NS: when it showed what the kernel's did. DRIFT: how many seconds it gains in one. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

int clock_gettime(clockid_t id, struct timespec *shown) {
  static int (*kernels)(clockid_t, struct timespec *);
  static long long begin;
  static double drift;
  if (!kernels) {
    begin = atoll(getenv("DRIFT_BEGIN_NS"));
    drift = atof(getenv("DRIFT"));
    kernels = dlsym(RTLD_NEXT, "clock_gettime");
  }
  int failed = kernels(id, shown);
  if (!failed && id == CLOCK_MONOTONIC) {
    long long now = shown->tv_sec * 1000000000LL + shown->tv_nsec;
    now += (long long)((double)(now - begin) * drift);
    shown->tv_sec = now / 1000000000LL;
    shown->tv_nsec = now % 1000000000LL;
  }
  return failed;
}
