using Kappa.Capture;
using Kappa.Log;
using Kappa.Tests.Disks;
using Kappa.Tests.Log;

namespace Kappa.Tests.Capture;

/// <summary>When the log is captured, and what happens when that fails.</summary>
public sealed class LogCaptureTests
{
    [Fact]
    public async Task Events_are_captured_once_they_are_old_enough()
    {
        await using var harness = await CaptureHarness.OpenAsync();
        await harness.AppendAsync(5);
        Assert.Empty((await harness.RunAsync()).Files);
        harness.Time.Now += harness.Options.Every;
        var report = await harness.RunAsync();
        Assert.Equal(["kappa/log/0/2026/01/02/03/04/05.avro"], report.Files);
        Assert.Equal(5, report.Events);
        Assert.Empty((await harness.RunAsync()).Files);
        Assert.Equal(await harness.Log.IdsAsync(0), await harness.Captured.IdsAsync(0));
    }

    [Fact]
    public async Task Much_is_captured_at_once_however_young_and_never_two_files_for_one_second()
    {
        await using var harness = await CaptureHarness.OpenAsync();
        await harness.AppendAsync(100, bytes: 10_000);
        var report = await harness.RunAsync();
        Assert.InRange(report.Files.Count, 9, 11);
        Assert.Equal(report.Files.Order(StringComparer.Ordinal).Distinct(), report.Files);
        Assert.All(harness.Files, path => Assert.InRange(harness.Disk.Bytes(path).Length, 90_000, 125_000));
        // What is less than a file waits for its time.
        Assert.Equal(report.Events, harness.Captured.Next(0));
        Assert.Equal((await harness.Log.IdsAsync(0)).Take((int)report.Events), await harness.Captured.IdsAsync(0));
    }

    [Fact]
    public async Task After_a_restart_capture_goes_on_where_the_files_end()
    {
        await using var harness = await CaptureHarness.OpenAsync();
        for (var i = 0; i < 4; i++)
        {
            await harness.AppendAsync(7);
            await harness.Capture.CaptureAllAsync();
            await harness.RestartAsync();
        }
        Assert.Equal(4, harness.Files.Count);
        Assert.Equal(28, harness.Captured.Next(0));
        Assert.Equal(await harness.Log.IdsAsync(0), await harness.Captured.IdsAsync(0));
    }

    [Fact]
    public async Task The_capture_of_another_log_is_refused()
    {
        await using var harness = await CaptureHarness.OpenAsync();
        await harness.AppendAsync(7);
        await harness.Capture.CaptureAllAsync();
        var store = new DirectoryCaptureStore("/capture", harness.Disk);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => CapturedLog.OpenAsync(store, new MemoryLog(), new CaptureOptions()));
        Assert.Contains("Kappa:Capture:Hub", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await CapturedLog.OpenAsync(store, new MemoryLog(), new CaptureOptions { Hub = "other" })).Next(0));
    }

    [Fact]
    public async Task A_capture_is_read_without_its_log_too()
    {
        await using var harness = await CaptureHarness.OpenAsync(CaptureHarness.SmallLog(partitions: 3));
        await harness.AppendAsync(7);
        await harness.Capture.CaptureAllAsync();
        var captured = await CapturedLog.OpenAsync(new DirectoryCaptureStore("/capture", harness.Disk));
        Assert.Equal((harness.Log.LogId, 3), (captured.LogId, captured.PartitionCount));
        Assert.Equal((await harness.Log.AllIdsAsync()).Order(), (await captured.AllIdsAsync()).Order());
        await Assert.ThrowsAsync<InvalidOperationException>(() => CapturedLog.OpenAsync(new DirectoryCaptureStore("/nothing", harness.Disk)));
    }

    [Fact]
    public async Task A_full_disk_is_a_problem_that_passes_and_nothing_is_retired_meanwhile()
    {
        await using var harness = await CaptureHarness.OpenAsync();
        await harness.AppendAsync(100, bytes: 5_000);
        harness.Time.Now += TimeSpan.FromDays(2);
        harness.Disk.FullAfterBytes = harness.Disk.BytesUsed + 300_000;
        var report = await harness.Capture.RunAsync();
        Assert.Contains("no room left", Assert.Single(report.Problems), StringComparison.Ordinal);
        Assert.Equal(report.Problems, harness.Capture.Problems);
        Assert.Equal(0, harness.Log.First(0));
        Assert.DoesNotContain(harness.Disk.AllFiles, path => path.EndsWith(".new", StringComparison.Ordinal));
        harness.Disk.FullAfterBytes = null;
        await harness.RunAsync();
        Assert.Empty(harness.Capture.Problems);
        Assert.NotEqual(0, harness.Log.First(0));
        Assert.Equal(100, (await harness.Tiered.IdsAsync(0)).Count);
    }

    [Fact]
    public async Task A_file_that_reads_back_otherwise_than_the_log_says_is_not_taken_and_nothing_is_retired()
    {
        await using var harness = await CaptureHarness.OpenAsync();
        await harness.AppendAsync(100, bytes: 5_000);
        harness.Time.Now += TimeSpan.FromDays(2);
        var flipped = false;
        harness.Disk.Fault = (operation, path) =>
        {
            // Once it is written, the disk loses a bit of it.
            if (operation == DiskOperation.Rename && path.EndsWith(".avro.new", StringComparison.Ordinal) && !flipped)
            {
                flipped = true;
                harness.Disk.Flip(path, 5_000, 3);
            }
            return null;
        };
        var report = await harness.Capture.RunAsync();
        Assert.True(flipped);
        Assert.Contains("05.avro is damaged at byte", Assert.Single(report.Problems), StringComparison.Ordinal);
        Assert.Equal(0, harness.Log.First(0));
        // The next round writes it again.
        await harness.RunAsync();
        Assert.Equal(100, (await harness.Tiered.IdsAsync(0)).Count);
        Assert.NotEqual(0, harness.Log.First(0));
    }

    [Fact]
    public async Task Damage_that_came_after_a_restart_is_found_before_anything_is_retired()
    {
        await using var harness = await CaptureHarness.OpenAsync();
        await harness.AppendAsync(100, bytes: 5_000);
        await harness.Capture.CaptureAllAsync();
        harness.Disk.Flip(harness.Files[1], 3_000, 2);
        await harness.RestartAsync();
        harness.Time.Now += TimeSpan.FromDays(2);
        var report = await harness.Capture.RunAsync();
        Assert.Contains(harness.Files[1], Assert.Single(report.Problems), StringComparison.Ordinal);
        Assert.Equal(0, harness.Log.First(0));
        Assert.Equal(100, (await harness.Tiered.IdsAsync(0)).Count);
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        var problems = new CaptureOptions { Every = TimeSpan.Zero, BytesMax = 1, Hub = "a/b", Namespace = "", Directory = " " }.Validate();
        Assert.Equal(["Directory", "Namespace", "Hub", "Every", "BytesMax"], problems.Select(problem => problem.Split(' ')[0].Split(':')[2]));
        Assert.Contains("Kappa:Log:Retention", Assert.Single(new LogOptions { Retention = TimeSpan.Zero }.Validate()), StringComparison.Ordinal);
    }
}
