#include <haul/job/flights.h>
#include <haul/job/job.h>

void flights_init(struct flights *flights)
{
    *flights = (struct flights){.count = 0};
    list_init(&flights->under_way);
}

static int64_t storable(int64_t size)
{
    return size >= 0 && size <= FLIGHT_SIZE_MAXIMUM ? size : -1;
}

static void count_size(struct flights *flights, int64_t size)
{
    if (size < 0)
        flights->unsized++;
    else
        flights->bytes += size;
}

static void forget_size(struct flights *flights, int64_t size)
{
    if (size < 0)
        flights->unsized--;
    else
        flights->bytes -= size;
}

static int64_t size_of(const struct job *job)
{
    return job->has_size ? storable(job->size) : -1;
}

void flights_read(struct flights *flights, const struct job *job)
{
    flights->read++;
    count_size(flights, size_of(job));
}

void flight_init(struct flight *flight, const struct job *job)
{
    *flight = (struct flight){.job = job, .size = size_of(job)};
}

void flights_begin(struct flights *flights, struct flight *flight, const char *name, int64_t now)
{
    flight->name = name;
    flight->began = now;
    flight->came = 0;
    list_append(&flights->under_way, &flight->link);
    flights->count++;
}

void flights_note_size(struct flights *flights, struct flight *flight, int64_t size)
{
    forget_size(flights, flight->size);
    flight->size = storable(size);
    count_size(flights, flight->size);
}

void flights_end(struct flights *flights, struct flight *flight)
{
    list_remove(&flight->link);
    flights->count--;
}

void flights_remove(struct flights *flights, struct flight *flight)
{
    forget_size(flights, flight->size);
}

int64_t flights_came(const struct flights *flights)
{
    int64_t came = 0;

    LIST_EACH (link, &flights->under_way)
        came += LIST_MEMBER(link, struct flight, link)->came;
    return came;
}
