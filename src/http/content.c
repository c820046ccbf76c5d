#include "content.h"
#include "transfer.h"

#include <stdio.h>

int content_begin(struct co_task *self, struct http_transfer *transfer, struct failure *failure)
{
    upload_end(&transfer->upload);
    if (!transfer->has_content || !transfer->request.content->parts)
        return 0;
    return upload_begin(self, &transfer->upload, transfer->request.content, failure);
}

static size_t on_send(char *bytes, size_t one, size_t room, void *context)
{
    struct http_transfer *transfer = context;
    size_t length = 0;
    bool taken = upload_take(&transfer->upload, bytes, room, &length);

    (void)one;
    if (upload_is_hungry(&transfer->upload))
        transfer_wake(transfer);
    return taken ? length : CURL_READFUNC_PAUSE;
}

/* curl sends it once more: the kept connection was gone, or the server wants no 100-continue. */
static int on_rewind(void *context, curl_off_t offset, int origin)
{
    struct http_transfer *transfer = context;

    if (offset != 0 || origin != SEEK_SET)
        return CURL_SEEKFUNC_FAIL;
    upload_rewind(&transfer->upload);
    return CURL_SEEKFUNC_OK;
}

static void set_bytes(CURL *easy, struct slice bytes)
{
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)bytes.length);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, bytes.bytes ? bytes.bytes : "");
}

/* As POST curl asks for a 100-continue when it is much, as PUT always; and as POST it has a type of its own. */
static void set_upload(struct http_transfer *transfer)
{
    CURL *easy = transfer->easy;

    curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_send);
    curl_easy_setopt(easy, CURLOPT_READDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, on_rewind);
    curl_easy_setopt(easy, CURLOPT_SEEKDATA, transfer);
    if (transfer->request.content->type) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)transfer->upload.size);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, NULL);
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
    } else {
        curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)transfer->upload.size);
        curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    }
}

void content_set(struct http_transfer *transfer)
{
    curl_easy_setopt(transfer->easy, CURLOPT_NOBODY, 0L); /* of a HEAD before */
    if (transfer->upload.content)
        set_upload(transfer);
    else
        set_bytes(transfer->easy, transfer->request.content->bytes);
    curl_easy_setopt(transfer->easy, CURLOPT_CUSTOMREQUEST, transfer->method);
}

int content_feed(struct co_task *self, struct http_transfer *transfer, struct failure *failure)
{
    int result = upload_feed(self, &transfer->upload, failure);

    if (result == 0 && transfer->upload.starved && transfer->shard)
        curl_easy_pause(transfer->easy, CURLPAUSE_CONT); /* may call answer_on_body right here */
    return result;
}
