using System.Text;
using Kappa.Capture;
using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Tidy;

namespace Kappa.Tests.Capture;

/// <summary>Reads whole capture files for tests.</summary>
internal static class CaptureReading
{
    /// <summary>A real file that lies beside the repository; null if it is not there.</summary>
    public static byte[]? Foreign(string name)
    {
        var path = Path.Combine(SourceTree.Root, "..", "shared", "data", "capture", name);
        return File.Exists(path) ? File.ReadAllBytes(path) : null;
    }

    public static async Task<List<CapturedEvent>> EventsAsync(byte[] file, string name = "some.avro")
    {
        using var capture = await CaptureFile.OpenAsync(new MemoryStream(file), name);
        var events = new List<CapturedEvent>();
        await foreach (var captured in capture.EventsAsync())
            events.Add(captured);
        return events;
    }

    /// <summary>The one CloudEvent that a captured event becomes.</summary>
    public static RecordedEvent Map(CapturedEvent captured, CaptureMappingOptions? options = null)
    {
        using var batch = new EventBatch();
        var problems = new List<EventProblem>();
        Assert.True(new CaptureMapping(options ?? new CaptureMappingOptions()).TryAdd(captured, batch, problems), string.Join("; ", problems));
        Assert.Equal(1, batch.Count);
        return new RecordedEvent(batch.Record(0).ToArray(), new Position(0, captured.Sequence), 0);
    }

    public static string Text(this ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    public static string BodyText(this CapturedEvent captured) => Encoding.UTF8.GetString(captured.Body!.Value.Span);
}
