// The same from C++: a lambda without captures is a task.
#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <haul/co/timer.h>

#include <cstdio>
#include <string>

struct greeting {
    std::string whom;
    int said;
};

int main()
{
    greeting greeting = {"C++", 0};
    auto greet = [](co_task *self, void *argument) {
        auto *greeting = static_cast<struct greeting *>(argument);
        co_group group;

        co_group_open(self, &group, CO_FAIL_FAST, 0);
        auto say = [](co_task *self, void *argument) {
            auto *greeting = static_cast<struct greeting *>(argument);
            int result = co_sleep(self, CO_MILLISECONDS(1));

            std::printf("hello, %s\n", greeting->whom.c_str());
            greeting->said++;
            return result;
        };
        int result = co_spawn(self, &group, say, greeting);
        return co_group_close(self, &group, result);
    };
    int result = co_run(greet, &greeting, nullptr);

    std::printf("%d\n", greeting.said);
    return result < 0;
}

/* It prints:
 *     hello, C++
 *     1
 */
