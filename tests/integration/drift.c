/* A host whose monotonic clock drifts: preloaded into its processes, which all see the same clock.

   DRIFT_BEGIN_NS: when it showed what the kernel's did. DRIFT: how many seconds it gains in one. What
   waits until an instant of that clock (time.sleep and locks of CPython do) waits until the kernel's
   shows the same instant. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <semaphore.h>
#include <stdlib.h>
#include <time.h>

#define SECOND 1000000000LL

static long long begin(void) { return atoll(getenv("DRIFT_BEGIN_NS")); }
static double drift(void) { return atof(getenv("DRIFT")); }

static struct timespec of(long long ns) {
  struct timespec found = {ns / SECOND, ns % SECOND};
  return found;
}

static long long ns_of(const struct timespec *at) { return at->tv_sec * SECOND + at->tv_nsec; }

static struct timespec kernels(const struct timespec *shown) {
  return of(begin() + (long long)((double)(ns_of(shown) - begin()) / (1 + drift())));
}

int clock_gettime(clockid_t id, struct timespec *shown) {
  int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
  int failed = real(id, shown);
  if (!failed && id == CLOCK_MONOTONIC)
    *shown = of(ns_of(shown) + (long long)((double)(ns_of(shown) - begin()) * drift()));
  return failed;
}

int clock_nanosleep(clockid_t id, int flags, const struct timespec *until, struct timespec *left) {
  int (*real)(clockid_t, int, const struct timespec *, struct timespec *) =
      dlsym(RTLD_NEXT, "clock_nanosleep");
  if (id != CLOCK_MONOTONIC || !(flags & TIMER_ABSTIME)) return real(id, flags, until, left);
  struct timespec at = kernels(until);
  return real(id, flags, &at, left);
}

int sem_clockwait(sem_t *semaphore, clockid_t id, const struct timespec *until) {
  int (*real)(sem_t *, clockid_t, const struct timespec *) = dlsym(RTLD_NEXT, "sem_clockwait");
  if (id != CLOCK_MONOTONIC) return real(semaphore, id, until);
  struct timespec at = kernels(until);
  return real(semaphore, id, &at);
}
