using Kappa.Capture;
using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Log;

namespace Kappa.Tests.Capture;

/// <summary>Which files of a hub's archive are looked for, and when.</summary>
public sealed class CapturedHubFilesTests
{
    private readonly HubArchive _archive = new();

    [Fact]
    public async Task A_process_that_is_older_than_the_first_file_finds_it_once_the_hub_has_removed_what_is_in_it()
    {
        var clock = new SteppedTime();
        await using var hub = await _archive.OpenAsync(clock);
        var tiered = new TieredLog(new TrimmedLog(8, 20), hub);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await tiered.ReadAsync(0, 0, 1));
        Assert.Equal(8, tiered.First(0));
        await _archive.FillAsync((0, 5), (5, 5));
        // Whoever asks again and again does not make the store be listed each time.
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await tiered.ReadAsync(0, 0, 1));
        clock.Pass(TimeSpan.FromSeconds(11));
        using (var page = await tiered.ReadAsync(0, 0, 1))
            Assert.Equal("id 0", page.Events[0].IdText());
        Assert.Equal(0, tiered.First(0));
    }

    [Fact]
    public async Task A_process_that_is_older_than_the_first_file_finds_it_even_if_nobody_asks()
    {
        var (clock, store, asked) = (new SteppedTime(), new CountingStore(_archive.Store), new TaskCompletionSource());
        await using var hub = await CapturedHub.OpenAsync(store, "space", "hub", 1, clock);
        await _archive.FillAsync((3, 5));
        store.Listing = () => asked.TrySetResult();
        clock.Pass(TimeSpan.FromMinutes(1));
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        // Takes its turn after whoever looks right now, and does not look again so soon.
        await hub.LookAsync(0);
        Assert.Equal((false, 3), (hub.IsEmpty(0), hub.First(0)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000_000)]
    public async Task Files_are_found_by_day_over_weeks_and_years_without_any(int bytesMax)
    {
        string[] days = ["2019/12/31", "2020/01/01", "2020/02/29", "2020/03/01", "2020/03/02", "2023/07/14", "2024/01/01", "2026/01/01"];
        for (var day = 0; day < days.Length; day++)
            for (var hour = 0; hour < 3; hour++)
                await _archive.WriteAsync($"{days[day]}/{hour:D2}/00/00", day * 6 + hour * 2, 2);
        await using var hub = await _archive.OpenAsync(new SteppedTime());
        foreach (var from in new[] { 0, 47, 5, 6, 29, 30, 35, 36, 12, 3, 41, 18 })
        {
            var at = (long)from;
            while (at < 48)
            {
                using var page = await hub.ReadAsync(0, at, bytesMax);
                Assert.Equal(new Position(0, at), page.Events[0].Position);
                at = page.Next;
            }
            Assert.Equal(48, at);
        }
        // The day is over, and the next one has begun, since the last one was listed.
        await _archive.WriteAsync("2026/01/01/23/59/00", 48, 2);
        await _archive.WriteAsync("2026/01/02/00/01/00", 50, 1);
        for (var at = 48L; at < 51;)
        {
            using var page = await hub.ReadAsync(0, at, bytesMax);
            Assert.NotEqual(0, page.Count);
            at = page.Next;
        }
    }

    [Fact]
    public async Task Opening_asks_for_the_first_files_only_and_reading_for_the_days_that_it_comes_to()
    {
        for (var day = 1; day <= 28; day++)
            for (var hour = 0; hour < 24; hour++)
                await _archive.WriteAsync($"2025/06/{day:D2}/{hour:D2}/00/00", (day - 1) * 24 + hour, 1);
        var store = new CountingStore(_archive.Store);
        await using var hub = await CapturedHub.OpenAsync(store, "space", "hub", 1, new SteppedTime());
        Assert.InRange(store.Names, 1, 24 + 2);
        store.Names = 0;
        using var page = await hub.ReadAsync(0, 27 * 24 + 13, 1);
        Assert.Equal(27 * 24 + 13, page.Events[0].Position.Sequence);
        Assert.InRange(store.Names, 1, 24 * 12);
    }

    [Fact]
    public async Task A_file_that_comes_back_from_a_backup_is_read()
    {
        await _archive.FillAsync((0, 5));
        await _archive.WriteAsync(2, 8, 2);
        await using var hub = await _archive.OpenAsync();
        await Assert.ThrowsAsync<LogCorruptException>(async () => await hub.ReadAsync(0, 5, 1));
        await _archive.WriteAsync(1, 5, 3);
        using var page = await hub.ReadAsync(0, 5, 100_000);
        Assert.Equal(10, page.Next);
    }
}
