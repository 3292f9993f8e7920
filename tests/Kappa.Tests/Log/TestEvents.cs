using System.Text;
using Kappa.Events;

namespace Kappa.Tests.Log;

/// <summary>Small events for tests of the log, which does not care what they say.</summary>
internal static class TestEvents
{
    public static EventBatch Batch(params (string Subject, string Id)[] events)
    {
        var batch = new EventBatch();
        foreach (var (subject, id) in events)
            batch.Add(subject, id);
        return batch;
    }

    public static void Add(this EventBatch batch, string subject, string id, string data = "{}", string source = "test")
    {
        byte[][] fields = [.. new[] { id, source, "test.happened", subject, "", "", "", "" }.Select(Encoding.UTF8.GetBytes)];
        var body = Encoding.UTF8.GetBytes(data);
        var size = EventRecord.Size(fields.Sum(field => field.Length), body.Length);
        var record = batch.Reserve(size);
        // Logs that others can write to look whether JSON is JSON.
        EventRecord.WriteHeader(record, data.TrimStart().StartsWith('{') ? EventDataKind.Json : EventDataKind.Binary, EventRecord.NoTime, [.. fields.Select(field => field.Length)]);
        var at = EventRecord.HeaderBytes;
        foreach (var part in fields.Append(body))
        {
            part.CopyTo(record[at..]);
            at += part.Length;
        }
        batch.Complete(size);
    }

    public static string IdText(this in RecordedEvent recorded) => Encoding.UTF8.GetString(recorded.Id);
    public static string SubjectText(this in RecordedEvent recorded) => Encoding.UTF8.GetString(recorded.Subject);
    public static string DataText(this in RecordedEvent recorded) => Encoding.UTF8.GetString(recorded.Data.Span);
}
