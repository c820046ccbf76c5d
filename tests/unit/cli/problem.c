#include "problem.h"

#include <criterion/criterion.h>
#include <string.h>

static void expect(problem_function *problem_of, const char *argument, const char *part_of_problem)
{
    CLEANUP(arena_release) struct arena arena = {0};
    const char *problem = problem_of(&arena, argument);

    if (part_of_problem)
        cr_expect(problem && strstr(problem, part_of_problem), "'%s': %s", argument, problem ? problem : "fine");
    else
        cr_expect_null(problem, "'%s': %s", argument, problem);
}

Test(problem, is_none_with_a_header_that_has_name_and_colon)
{
    expect(problem_of_header, "Accept: text/plain", NULL);
    expect(problem_of_header, "Accept:", NULL);
    expect(problem_of_header, "X-Tab:\ta\tb", NULL);
    expect(problem_of_header, "X-Latin: caf\xe9", NULL);
    expect(problem_of_header, "Accept", "no colon");
    expect(problem_of_header, "", "no colon");
    expect(problem_of_header, ": value", "no header name");
    expect(problem_of_header, "My Header: value", "no header name");
}

Test(problem, is_a_line_break_in_what_is_sent)
{
    expect(problem_of_header, "A: b\r\nEvil: c", "line break");
    expect(problem_of_header, "A: b\nEvil: c", "line break");
    expect(problem_of_header, "A\r\n: b", "no header name");
    expect(problem_of_field_value, "agent\r", "line break");
    expect(problem_of_field_value, "agent\x7f", "line break");
    expect(problem_of_field_value, "agent/1.0 (a b)", NULL);
}

Test(problem, is_a_method_that_is_no_token)
{
    expect(problem_of_method, "GET", NULL);
    expect(problem_of_method, "M-SEARCH", NULL);
    expect(problem_of_method, "", "one word");
    expect(problem_of_method, "GET /", "one word");
    expect(problem_of_method, "GET\r\nX: y", "one word");
    expect(problem_of_method, "G\xc3\x89T", "one word");
}

Test(problem, is_a_connection_that_is_not_host_port_host_port)
{
    expect(problem_of_connect_to, "a:80:b:81", NULL);
    expect(problem_of_connect_to, ":::", NULL);
    expect(problem_of_connect_to, "::b:", NULL);
    expect(problem_of_connect_to, "[::1]:80:[::2]:", NULL);
    expect(problem_of_connect_to, "a:80", "HOST:PORT:HOST:PORT");
    expect(problem_of_connect_to, "a:80:b", "HOST:PORT:HOST:PORT");
    expect(problem_of_connect_to, "[::1", "HOST:PORT:HOST:PORT");
    expect(problem_of_connect_to, "", "HOST:PORT:HOST:PORT");
    expect(problem_of_connect_to, "a:x:b:81", "port");
    expect(problem_of_connect_to, "a:80:b:0", "port");
}

Test(problem, is_a_resolve_that_is_not_host_port_address)
{
    expect(problem_of_resolve, "example.org:443:192.0.2.1", NULL);
    expect(problem_of_resolve, "example.org:443:192.0.2.1,2001:db8::1", NULL);
    expect(problem_of_resolve, "example.org:65535:[2001:db8::1]", NULL);
    expect(problem_of_resolve, "localhost:80:::1", NULL);
    expect(problem_of_resolve, "example.org", "HOST:PORT:ADDRESS");
    expect(problem_of_resolve, "example.org:443", "HOST:PORT:ADDRESS");
    expect(problem_of_resolve, ":443:192.0.2.1", "no host name");
    expect(problem_of_resolve, "*:443:192.0.2.1", "no host name");
    expect(problem_of_resolve, "example.org:0:192.0.2.1", "port");
    expect(problem_of_resolve, "example.org:65536:192.0.2.1", "port");
    expect(problem_of_resolve, "example.org::192.0.2.1", "port");
    expect(problem_of_resolve, "example.org:443:", "IP address");
    expect(problem_of_resolve, "example.org:443:192.0.2.1,", "IP address");
    expect(problem_of_resolve, "example.org:443:elsewhere", "IP address");
    expect(problem_of_resolve, "example.org:443:[192.0.2.1]", "IP address");
    expect(problem_of_resolve, "example.org:443:[", "IP address");
}

Test(problem, is_a_template_that_leaves_the_folder_or_has_unknown_fields)
{
    expect(problem_of_template, "{host}/{name}", NULL);
    expect(problem_of_template, "{nmae}", "nmae");
    expect(problem_of_template, "/etc/passwd", "");
    expect(problem_of_template, "{host}/../x", "");
    expect(problem_of_template, "folder/", "");
    expect(problem_of_template, "", "");
}

Test(problem, is_a_digest_that_nobody_knows)
{
    expect(problem_of_digest, "sha256", NULL);
    expect(problem_of_digest, "sha257", "no such digest");
    expect(problem_of_digest, "", "no such digest");
}

Test(problem, is_emptiness_where_something_is_needed)
{
    expect(problem_of_nothing, ".", NULL);
    expect(problem_of_nothing, "", "empty");
    expect(problem_of_page, "man", NULL);
    expect(problem_of_page, "schema", NULL);
    expect(problem_of_page, "", "can be generated");
}
