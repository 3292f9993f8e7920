using System.Globalization;
using System.Text;
using System.Text.Json;
using Kappa.Capture;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.Tests.Capture;

/// <summary>Capture files of ours, read by the npm package avsc, which knows nothing of us.</summary>
public sealed class IndependentReaderTests
{
    private static readonly DateTimeOffset _appended = new DateTimeOffset(2026, 11, 21, 17, 10, 16, TimeSpan.Zero).AddTicks(1_234_567);

    [Fact]
    public async Task An_independent_avro_reader_finds_the_same_content()
    {
        using var data = new TempDirectory();
        var time = new Standing();
        await using var log = FileLog.Open(Path.Combine(data.Path, "log"), new LogOptions { Partitions = 1 }, time: time);
        using (var batch = new EventBatch())
        {
            for (var i = 0; i < 500; i++)
                batch.Add(Invent(i));
            await log.AppendAsync(batch);
        }
        var (store, settings) = (new DirectoryCaptureStore(Path.Combine(data.Path, "capture")), new CaptureOptions { BytesMax = 200 << 10 });
        var captured = await CapturedLog.OpenAsync(store, log, settings);
        var report = await new LogCapture(log, captured, store, settings, time).CaptureAllAsync();
        Assert.Empty(report.Problems);
        Assert.True(report.Files.Count > 1);

        using var node = await NodePackages.StartAsync("avro.mjs", [.. report.Files.Select(store.Describe)]);
        var (read, errors) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        await node.WaitForExitAsync().WaitAsync(Post.Patience);
        Assert.True(node.ExitCode == 0, await errors);
        var lines = (await read).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(500, lines.Length);
        for (var i = 0; i < lines.Length; i++)
            Check(Invent(i), i, JsonDocument.Parse(lines[i]).RootElement);
    }

    private static void Check(CloudEvent expected, int sequence, JsonElement found)
    {
        Assert.Equal(sequence.ToString(CultureInfo.InvariantCulture), found.GetProperty("SequenceNumber").GetString());
        Assert.Equal("11/21/2026 5:10:16 PM", found.GetProperty("EnqueuedTimeUtc").GetString());
        var properties = found.GetProperty("Properties").EnumerateObject().ToDictionary(property => property.Name, property => property.Value.GetString()!);
        var attributes = new Dictionary<string, string>
        {
            ["cloudEvents:specversion"] = "1.0",
            ["cloudEvents:id"] = expected.Id,
            ["cloudEvents:source"] = expected.Source,
            ["cloudEvents:type"] = expected.Type,
            ["kappa:time"] = "2026-11-21T17:10:16.1234567Z",
        };
        foreach (var (name, value) in new[] { ("subject", expected.Subject), ("time", expected.Time), ("dataschema", expected.DataSchema) })
            if (value is not null)
                attributes[$"cloudEvents:{name}"] = value;
        foreach (var extension in expected.Extensions)
            attributes[$"cloudEvents:{extension.Name}"] = extension.Value;
        foreach (var (name, value) in attributes)
            Assert.Equal(value, properties[name]);
        Assert.All(properties.Keys.Except(attributes.Keys), name => Assert.StartsWith("kappa:", name, StringComparison.Ordinal));
        var system = found.GetProperty("SystemProperties");
        var contentType = expected.DataContentType ?? (expected.DataKind == EventDataKind.Json ? "application/json" : null);
        Assert.Equal(contentType, system.TryGetProperty("content-type", out var type) ? type.GetString() : null);
        var body = found.GetProperty("Body");
        if (expected.DataKind == EventDataKind.None)
            Assert.Equal(JsonValueKind.Null, body.ValueKind);
        else
            Assert.Equal(expected.Data.ToArray(), body.GetProperty("bytes").GetBytesFromBase64());
    }

    /// <summary>Events of every kind, the same for the same number.</summary>
    private static CloudEvent Invent(int i) => new()
    {
        Id = $"ä{i}😀",
        Source = "/tests",
        Type = "test.happened",
        Subject = i % 2 == 0 ? null : $"subject/{i % 9}",
        Time = i % 3 == 0 ? null : "2026-01-02T03:04:05.123456789+01:00",
        DataContentType = i % 4 == 0 ? "text/plain" : null,
        DataSchema = i % 5 == 0 ? "https://example.org/schema" : null,
        Extensions = i % 7 == 0 ? [new EventExtension("count", $"{i}", EventExtensionKind.Integer), new EventExtension("partitionkey", "k é")] : [],
        DataKind = (EventDataKind)(i % 3),
        Data = (i % 3) switch
        {
            (int)EventDataKind.Json => Encoding.UTF8.GetBytes($$"""{"n":{{i}},"text":"{{new string('x', i * 3)}}"}"""),
            (int)EventDataKind.Binary => Enumerable.Range(0, i * 2).Select(one => (byte)one).ToArray(),
            _ => default,
        },
    };

    private sealed class Standing : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => _appended;
    }
}
