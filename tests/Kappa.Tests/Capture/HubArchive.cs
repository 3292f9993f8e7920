using Kappa.Capture;
using Kappa.Capture.Avro;
using Kappa.Tests.Disks;

namespace Kappa.Tests.Capture;

/// <summary>An archive as Event Hubs Capture writes it.</summary>
internal sealed class HubArchive
{
    public DirectoryCaptureStore Store { get; } = new("/capture", new SimulatedDisk());

    public Task<CapturedHub> OpenAsync(TimeProvider? time = null) => CapturedHub.OpenAsync(Store, "space", "hub", 2, time);

    /// <summary>A file for each minute.</summary>
    public async Task FillAsync(params (int First, int Count)[] files)
    {
        for (var i = 0; i < files.Length; i++)
            await WriteAsync(i, files[i].First, files[i].Count);
    }

    public Task WriteAsync(int minute, int first, int count) => WriteAsync($"2026/01/02/03/{minute:D2}/00", first, count);

    public Task WriteAsync(string place, int first, int count) => WriteAsync(place, [.. Enumerable.Range(first, count).Select(sequence =>
        AvroFiles.Event(sequence, "{}"u8.ToArray(), [], ("cloudEvents:specversion", "1.0"), ("cloudEvents:id", $"id {sequence}"), ("cloudEvents:source", "/s"), ("cloudEvents:type", "t")))]);

    public async Task WriteAsync(string place, params Action<AvroBuffer>[] events)
    {
        await using var upload = await Store.CreateAsync($"space/hub/0/{place}.avro");
        await upload.WriteAsync(AvroFiles.Make(CaptureHeader.OwnSchema, null, events));
        await upload.CompleteAsync();
    }
}
