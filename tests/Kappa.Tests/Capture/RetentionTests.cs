using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Disks;
using Kappa.Tests.Log;

namespace Kappa.Tests.Capture;

/// <summary>Local segments go once they are old, captured and verified; readers do not notice.</summary>
public sealed class RetentionTests
{
    private static readonly TimeSpan _day = TimeSpan.FromDays(1);

    [Fact]
    public async Task Segments_go_once_their_last_event_is_old_and_everything_is_read_as_before()
    {
        await using var harness = await CaptureHarness.OpenAsync();
        await harness.AppendAsync(60, bytes: 5_000);
        harness.Time.Now += _day / 2;
        await harness.AppendAsync(60, bytes: 5_000);
        await harness.RunAsync();
        Assert.Equal(0, harness.Log.First(0));
        var expected = await harness.Tiered.ReadAllAsync(0, Whole);
        harness.Time.Now += _day / 2 + TimeSpan.FromMinutes(1);
        Assert.InRange((await harness.RunAsync()).Retired, 40, 60);
        Assert.InRange(harness.Log.First(0), 40, 60);
        Assert.Equal(0, harness.Tiered.First(0));
        foreach (var bytesMax in new[] { 1, 30_000, 10_000_000 })
            Assert.Equal(expected, await harness.Tiered.ReadAllAsync(0, Whole, bytesMax));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await harness.Log.ReadAsync(0, 0, 1));
    }

    [Fact]
    public async Task The_last_segment_is_sealed_when_its_age_demands_it_and_all_may_go()
    {
        await using var harness = await CaptureHarness.OpenAsync(CaptureHarness.SmallLog(window: 0));
        await harness.AppendAsync(5);
        harness.Time.Now += 2 * _day;
        Assert.Equal(5, (await harness.RunAsync()).Retired);
        Assert.Equal((5, 5), (harness.Log.First(0), harness.Log.Next(0)));
        Assert.Equal([Segment.NameOf(5)], harness.Segments());
        // It opens like this, after a clean close and after a crash, and goes on.
        await harness.RestartAsync();
        Assert.Null(harness.Log.Problem(0));
        await harness.AppendAsync(3);
        harness.Disk = harness.Disk.Kill();
        await harness.OpenAsync();
        Assert.Null(harness.Log.Problem(0));
        Assert.Equal(8, (await harness.Tiered.IdsAsync(0)).Count);
    }

    [Fact]
    public async Task Times_do_not_go_back_though_all_older_events_are_gone()
    {
        await using var harness = await CaptureHarness.OpenAsync(CaptureHarness.SmallLog(window: 0));
        harness.Time.Now += 10 * _day;
        await harness.AppendAsync(5);
        harness.Time.Now += 2 * _day;
        await harness.RunAsync();
        await harness.RestartAsync();
        harness.Time.Now = ManualTime.Start;
        await harness.AppendAsync(5);
        Assert.Equal(10, (await harness.Tiered.IdsAsync(0)).Count);
    }

    [Fact]
    public async Task Duplicates_within_the_window_are_found_after_everything_else_has_gone()
    {
        await using var harness = await CaptureHarness.OpenAsync(CaptureHarness.SmallLog(window: 20));
        await harness.AppendAsync(60, bytes: 5_000);
        harness.Time.Now += 2 * _day;
        await harness.RunAsync();
        Assert.InRange(harness.Log.First(0), 10, 40);
        await harness.RestartAsync();
        using var batch = new EventBatch();
        for (var i = 40; i < 60; i++)
            batch.Add("a", $"e{i}");
        Assert.Equal(20, (await harness.Log.AppendAsync(batch)).Duplicates);
    }

    [Fact]
    public async Task Without_retention_nothing_goes()
    {
        var options = CaptureHarness.SmallLog(window: 0);
        options.Retention = null;
        await using var harness = await CaptureHarness.OpenAsync(options);
        await harness.AppendAsync(60, bytes: 5_000);
        harness.Time.Now += 1000 * _day;
        Assert.Equal(0, (await harness.RunAsync()).Retired);
        Assert.Equal(60, harness.Captured.Next(0));
    }

    [Fact]
    public async Task A_segment_that_is_missing_without_having_been_retired_is_damage_still()
    {
        await using var harness = await CaptureHarness.OpenAsync(CaptureHarness.SmallLog(window: 20));
        await harness.AppendAsync(100, bytes: 5_000);
        harness.Time.Now += 2 * _day;
        await harness.RunAsync();
        var segments = harness.Segments();
        Assert.InRange(segments.Count, 2, 5);
        await harness.Log.DisposeAsync();
        foreach (var segment in segments)
        {
            var disk = harness.Disk.Copy();
            disk.Delete("/data/00/" + segment);
            await using var log = FileLog.Open("/data", harness.LogOptions, disk);
            Assert.Contains(".log", log.Problem(0), StringComparison.Ordinal);
        }
        harness.Disk.Flip("/data/retired.json", 20, 1);
        Assert.Contains("retired.json is damaged", Assert.Throws<LogCorruptException>(() => FileLog.Open("/data", harness.LogOptions, harness.Disk)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deletion_that_a_crash_left_half_done_is_finished()
    {
        await using var harness = await CaptureHarness.OpenAsync(CaptureHarness.SmallLog(window: 20));
        await harness.AppendAsync(100, bytes: 5_000);
        harness.Time.Now += 2 * _day;
        await harness.Capture.CaptureAllAsync();
        var before = harness.Disk.Copy();
        await harness.RunAsync();
        var left = harness.Segments();
        await harness.Log.DisposeAsync();
        // What was deleted is back, as after a loss of power before the directory was flushed.
        foreach (var name in before.Files("/data/00").Except(left))
            using (var file = harness.Disk.Open("/data/00/" + name))
                file.Write(0, before.Bytes("/data/00/" + name));
        await harness.OpenAsync();
        Assert.Null(harness.Log.Problem(0));
        Assert.Equal(left, harness.Segments());
    }

    [Fact]
    public async Task A_reader_never_notices_that_segments_go_while_it_reads()
    {
        await using var harness = await CaptureHarness.OpenAsync(CaptureHarness.SmallLog(window: 0));
        await harness.AppendAsync(400, bytes: 5_000);
        await harness.Capture.CaptureAllAsync();
        var expected = await harness.Tiered.IdsAsync(0);
        var segments = harness.Log.Sealed(0);
        Assert.True(segments.Count > 20);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = false;
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            for (var round = 0; round < 3 || !Volatile.Read(ref ended); round++)
            {
                Assert.Equal(expected, await harness.Tiered.IdsAsync(0, bytesMax: 20_000));
                started.TrySetResult();
            }
        })).ToArray();
        await started.Task;
        foreach (var (_, next) in segments)
        {
            harness.Log.Retire(0, next);
            (await harness.Tiered.ReadAsync(0, next, 1)).Dispose();
        }
        Volatile.Write(ref ended, true);
        await Task.WhenAll(readers);
        Assert.Equal(segments[^1].Next, harness.Log.First(0));
    }

    [Fact]
    public async Task What_is_in_neither_the_log_nor_the_capture_is_an_error_and_not_a_hole()
    {
        await using var harness = await CaptureHarness.OpenAsync(CaptureHarness.SmallLog(window: 0));
        await harness.AppendAsync(60, bytes: 5_000);
        harness.Time.Now += 2 * _day;
        await harness.RunAsync();
        foreach (var file in harness.Files)
            harness.Disk.Delete(file);
        harness.Disk.DeleteDirectory("/capture");
        await harness.RestartAsync();
        await harness.AppendAsync(5);
        Assert.Equal(harness.Log.First(0), harness.Tiered.First(0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await harness.Tiered.ReadAsync(0, 0, 1));
    }

    [Fact]
    public async Task Of_many_segments_few_are_open_at_once()
    {
        await using var harness = await CaptureHarness.OpenAsync(CaptureHarness.SmallLog(partitions: 2));
        var files = new SegmentFiles(5);
        await harness.AppendAsync(300, bytes: 5_000);
        var segments = harness.Segments(0).Count > 2 ? 0 : 1;
        var sealedOnes = harness.Log.Sealed(segments).Select(one => new Segment(harness.Disk, $"/data/{segments:00}", one.Segment.Base, files)).ToArray();
        Assert.True(sealedOnes.Length > 15);
        foreach (var segment in sealedOnes)
            segment.Seal(0, 0);
        var buffer = new byte[10];
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(10, sealedOnes[i * 7 % sealedOnes.Length].Read(0, buffer));
            Assert.InRange(files.Count, 1, 5);
        }
        Array.ForEach(sealedOnes, segment => segment.Dispose());
    }

    private static string Whole(RecordedEvent recorded) => $"{recorded.Position} {recorded.AppendedTicks} {Convert.ToHexString(recorded.Record.Span)}";
}
