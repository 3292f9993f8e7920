using System.Buffers;
using System.Text;
using System.Text.Json;
using Kappa.Capture;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.Cli.Import;

/// <summary>The events of a capture file as CloudEvents in JSON.</summary>
internal static class CaptureEvents
{
    /// <exception cref="CaptureCorruptException">The file is damaged.</exception>
    public static IEnumerable<ImportedEvent> Of(ImportFile file)
    {
        using var capture = CaptureFile.OpenAsync(file.Content, file.FullPath).AsTask().GetAwaiter().GetResult();
        foreach (var recorded in RecordedAsync(capture, file.FullPath).ToBlockingEnumerable())
            yield return new ImportedEvent(Json(recorded, withPosition: false), Encoding.UTF8.GetString(recorded.PartitionKey));
    }

    /// <summary>The events as a log would record them, at the place and time that the file tells.</summary>
    public static async IAsyncEnumerable<RecordedEvent> RecordedAsync(CaptureFile capture, string path)
    {
        var mapping = new CaptureMapping(CaptureMappingOptions.For(path));
        var problems = new List<EventProblem>();
        await foreach (var captured in capture.EventsAsync())
        {
            using var batch = new EventBatch();
            if (!mapping.TryAdd(captured, batch, problems))
                throw new CliException(ExitCode.Failed, $"{path}: the event with sequence {captured.Sequence} is refused, {problems[0].Field}: {problems[0].Reason}");
            for (var i = 0; i < batch.Count; i++)
                yield return new RecordedEvent(batch.Record(i).ToArray(), new Position(capture.Origin?.Partition ?? 0, captured.Sequence), captured.Enqueued?.UtcTicks ?? 0);
        }
    }

    public static ReadOnlyMemory<byte> Json(RecordedEvent recorded, bool withPosition)
    {
        var buffer = new ArrayBufferWriter<byte>(recorded.Record.Length + 256);
        using var json = new Utf8JsonWriter(buffer);
        CloudEventWriter.Write(json, recorded, withPosition);
        json.Flush();
        return buffer.WrittenMemory;
    }
}
