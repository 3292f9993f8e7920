using System.Diagnostics;
using System.Text.Unicode;
using Kappa.Events;
using Kappa.Log;
using Kappa.Web.Http;

namespace Kappa.Web.Api;

/// <summary>
/// Appends events: one body in one buffer, from there straight into the records that the log stores. All events of a
/// request are valid or none is appended; when the answer is 200 they are durable.
/// </summary>
public sealed class EventAppender(ILogWriter log, ILogReader reader, EventTypes types, WebLimits limits, BodyPlaces places, TimeProvider time)
{
    public const string Structured = "application/cloudevents+json", Batch = "application/cloudevents-batch+json";

    private const int AnswerBytesMax = 4096;

    private readonly CloudEventReader _reader = new(types, limits.UnknownTypes, limits.EventBytesMax, limits.RequestEventsMax);

    private enum Mode { Structured, Batch, Binary }

    public async Task AppendAsync(HttpContext context)
    {
        var mode = ModeOf(context.Request);
        using var span = WebTracing.Append();
        using var body = await RequestBody.ReadAsync(context, limits, places, time);
        var started = time.GetTimestamp();
        var batch = new EventBatch(body.Bytes.Length);
        try
        {
            if (Read(mode, context.Request, body, batch) is { } refused)
            {
                await ProblemJson.WriteAsync(context, refused);
                return;
            }
            if (Activity.Current is { Recorded: true, Id: { } traceParent })
                batch = TraceStamp.Put(batch, traceParent, limits);
            // Not with the caller's token: what was queued is stored all the same, and the batch may not go before that.
            var result = await log.AppendAsync(batch, CancellationToken.None);
            if (result.Status == AppendStatus.Overloaded)
            {
                await ProblemJson.WriteAsync(context, Problem.Overloaded("overloaded",
                    "More events wait to be written than this host holds (Kappa:Log:QueueBytesMax); nothing of this request was stored. Send it again shortly."));
                return;
            }
            // Of the whole log, not only of what was touched: read as of it, other keys have what they have now.
            Respond(context.Response, result, CutText.Of(LogCuts.EndOf(reader)));
            Count(result, started);
        }
        finally
        {
            batch.Dispose();
        }
    }

    private static Mode ModeOf(HttpRequest request)
    {
        var type = request.ContentType.AsSpan();
        var end = type.IndexOf(';');
        var parameters = end < 0 ? [] : type[(end + 1)..].Trim();
        var media = (end < 0 ? type : type[..end]).Trim();
        var isBatch = media.Equals(Batch, StringComparison.OrdinalIgnoreCase);
        if (isBatch || media.Equals(Structured, StringComparison.OrdinalIgnoreCase))
            return parameters.IsEmpty || IsUtf8(parameters) ? isBatch ? Mode.Batch : Mode.Structured
                : throw Unsupported("CloudEvents JSON is always UTF-8; leave the charset out.");
        // A format of CloudEvents that is not known here must not be taken for data of an event in binary mode.
        if (media.StartsWith("application/cloudevents", StringComparison.OrdinalIgnoreCase) || !IsBinary(request.Headers))
            throw Unsupported($"Send one event as {Structured}, several as {Batch}, or one in binary mode, with its attributes in headers from ce-specversion on.");
        return Mode.Binary;
    }

    /// <summary>Any attribute will do; which of them are missing is then told one by one.</summary>
    private static bool IsBinary(IHeaderDictionary headers) =>
        headers.ContainsKey("ce-specversion") || headers.ContainsKey("ce-id") || headers.ContainsKey("ce-type") || headers.ContainsKey("ce-source");

    private static bool IsUtf8(ReadOnlySpan<char> parameters) =>
        parameters.Equals("charset=utf-8", StringComparison.OrdinalIgnoreCase) || parameters.Equals("charset=\"utf-8\"", StringComparison.OrdinalIgnoreCase);

    private static ProblemException Unsupported(string detail) =>
        (Problem.OfStatus(StatusCodes.Status415UnsupportedMediaType) with { Detail = detail, Field = "Content-Type" }).AsException();

    private Problem? Read(Mode mode, HttpRequest request, RequestBody body, EventBatch batch)
    {
        var problems = new List<EventProblem>();
        var bytes = body.Bytes.Span;
        var result = mode switch
        {
            Mode.Batch => _reader.ReadBatch(bytes, batch, problems),
            Mode.Structured => _reader.ReadOne(bytes, batch, problems),
            // A header that was sent twice is an attribute that was given twice, not one with a comma in it.
            _ => _reader.ReadBinary(request.Headers.SelectMany(header => header.Value, (header, value) => KeyValuePair.Create(header.Key, value ?? "")),
                request.ContentType, bytes, batch, problems),
        };
        return result switch
        {
            EventReadResult.Ok when batch.Bytes > limits.RequestBytesMax => Problem.TooLarge("body",
                $"The events take {batch.Bytes} bytes in the log; a request takes at most {limits.RequestBytesMax} (Kappa:Log:RequestBytesMax). Send them in several requests."),
            EventReadResult.Ok => null,
            EventReadResult.TooMany => Problem.TooLarge("body",
                $"The request holds more than {limits.RequestEventsMax} events (Kappa:Log:RequestEventsMax); send them in several requests."),
            EventReadResult.TooLarge => Problem.TooLarge("body",
                $"An event is larger than {limits.EventBytesMax} bytes (Kappa:Log:EventBytesMax); keep large contents elsewhere and send a reference.") with { Errors = problems },
            _ => Problem.InvalidEvents(problems),
        };
    }

    /// <summary>The answer is small and always the same shape, so it is written without a serializer; the server sends it when the handler ends.</summary>
    private static void Respond(HttpResponse response, in AppendResult result, string cut)
    {
        response.ContentType = "application/json";
        var answer = response.BodyWriter.GetSpan(AnswerBytesMax);
        Utf8.TryWrite(answer, $$"""{"appended":{{result.Appended}},"duplicates":{{result.Duplicates}},"receipt":"{{result.Receipt.ToString()}}","cut":"{{cut}}"}""", out var length);
        response.ContentLength = length;
        response.BodyWriter.Advance(length);
    }

    private void Count(in AppendResult result, long started)
    {
        WebMetrics.Appended.Add(result.Appended);
        WebMetrics.Duplicates.Add(result.Duplicates);
        WebMetrics.AppendSeconds.Record(time.GetElapsedTime(started).TotalSeconds);
    }
}
