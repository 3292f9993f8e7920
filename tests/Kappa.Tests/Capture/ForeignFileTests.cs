using System.Text.Json;
using Kappa.Capture;
using Kappa.Events;
using Xunit.Abstractions;

namespace Kappa.Tests.Capture;

/// <summary>Files that Event Hubs Capture wrote for others, which live beside the repository.</summary>
public sealed class ForeignFileTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_real_file_is_read_completely()
    {
        if (Find("cosh-54.avro") is not { } file)
            return;
        var events = await CaptureReading.EventsAsync(file);
        Assert.Equal(Enumerable.Range(8180, 380).Select(i => (long)i), events.Select(captured => captured.Sequence));
        Assert.Equal(new DateTimeOffset(2017, 10, 16, 18, 18, 55, TimeSpan.Zero), events[0].Enqueued);
        Assert.Equal("2743296", events[0].Offset);
        Assert.All(events, captured => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(captured.Body!.Value).RootElement.ValueKind));
        Assert.All(events, captured => Assert.Empty(captured.Properties));
    }

    [Fact]
    public async Task A_real_file_without_events_is_read_as_empty()
    {
        if (Find("cosh-empty.avro") is { } file)
            Assert.Empty(await CaptureReading.EventsAsync(file));
    }

    [Fact]
    public async Task A_real_file_with_system_properties_is_read_completely()
    {
        if (Find("metered-billing-p9-16-50-12.avro") is not { } file)
            return;
        var captured = Assert.Single(await CaptureReading.EventsAsync(file));
        Assert.Equal("1456", captured.Offset);
        Assert.Equal("d8b14c3c-fcfa-4bf4-d034-be8c3f3ecab5", captured.SystemProperties.Single(property => property.Name == "x-opt-partition-key").Value);
        Assert.Equal(new DateTimeOffset(2022, 12, 9, 16, 51, 25, TimeSpan.Zero), captured.Enqueued);
    }

    [Fact]
    public async Task Events_of_others_become_cloud_events_that_are_the_same_each_time()
    {
        if (Find("cosh-54.avro") is not { } file || Find("metered-billing-p9-16-50-12.avro") is not { } metered)
            return;
        var first = CaptureReading.Map((await CaptureReading.EventsAsync(file))[0], CaptureMappingOptions.For("some/where/cosh-54.avro"));
        Assert.Equal("cosh-54:8180", first.Id.Text());
        Assert.Equal(("/eventhub", "eventhub.event", "2017-10-16T18:18:55Z"), (first.Source.Text(), first.Type.Text(), first.TimeText.Text()));
        Assert.Equal(EventDataKind.Json, first.DataKind);
        var options = CaptureMappingOptions.For("archive/space/hub/9/2022/12/09/16/50/12.avro");
        var usage = CaptureReading.Map((await CaptureReading.EventsAsync(metered))[0], options);
        Assert.Equal(("/eventhub/space/hub", $"9:{(await CaptureReading.EventsAsync(metered))[0].Sequence}"), (usage.Source.Text(), usage.Id.Text()));
        Assert.Equal("d8b14c3c-fcfa-4bf4-d034-be8c3f3ecab5", usage.PartitionKey.Text());
        Assert.StartsWith("2022-12-09T16:51:25.", usage.TimeText.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_real_file_that_is_cut_off_anywhere_is_an_error_that_names_file_and_byte_or_ends_with_a_whole_block()
    {
        if (Find("metered-billing-p9-16-50-12.avro") is not { } file)
            return;
        var headerEnd = file.AsSpan().IndexOf(file.AsSpan(^16)) + 16;
        for (var length = 0; length < file.Length; length++)
        {
            if (length == headerEnd)
            {
                // Without a checksum nobody can tell this from a capture of nothing.
                Assert.Empty(await CaptureReading.EventsAsync(file[..length]));
                continue;
            }
            var error = await Assert.ThrowsAsync<CaptureCorruptException>(() => CaptureReading.EventsAsync(file[..length], "cut.avro"));
            Assert.Contains("cut.avro", error.Message, StringComparison.Ordinal);
            Assert.InRange(error.Offset, 0, length);
        }
    }

    [Fact]
    public async Task A_flip_in_a_real_file_is_an_error_or_a_change_of_one_value_and_never_anything_else()
    {
        if (Find("metered-billing-p9-16-50-12.avro") is not { } file)
            return;
        var found = 0;
        for (var at = 0; at < file.Length; at++)
            for (var bit = 0; bit < 8; bit++)
            {
                var flipped = file.ToArray();
                flipped[at] ^= (byte)(1 << bit);
                try
                {
                    Assert.InRange((await CaptureReading.EventsAsync(flipped, "flipped.avro")).Count, 0, 1);
                }
                catch (CaptureCorruptException e)
                {
                    found++;
                    Assert.Contains("flipped.avro", e.Message, StringComparison.Ordinal);
                    Assert.InRange(e.Offset, 0, file.Length);
                }
            }
        output.WriteLine($"{found} of {file.Length * 8} flips were found; the others changed a text, a number or a body, which others' files cannot show.");
        Assert.InRange(found, file.Length * 8 / 4, file.Length * 8);
    }

    private byte[]? Find(string name)
    {
        var file = CaptureReading.Foreign(name);
        if (file is null)
            output.WriteLine($"Not run: there is no {name} beside the repository.");
        return file;
    }
}
