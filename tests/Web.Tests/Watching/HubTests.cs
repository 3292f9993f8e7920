using System.Text.Json;

namespace Kappa.Tests.Watching;

public sealed class HubTests
{
    [Fact]
    public async Task The_hub_pushes_the_same_envelope_as_the_API_reads()
    {
        using var data = new TempDirectory();
        await using var host = await RunningHost.StartAsync(data.Path);
        await using var watcher = await NodeWatcher.StartAsync(host.Address, "Watch", "customer-spend", "a/b 😀", null, null);
        var absent = await watcher.NextAsync();
        Assert.Equal((0, JsonValueKind.Null), (absent.GetProperty("version").GetInt32(), absent.GetProperty("state").ValueKind));
        var receipt = await host.Client.OrdersAsync(Post.Order("o1", "a/b 😀", 12.5m));
        var pushed = await watcher.NextAsync();
        var read = await host.Client.ReadAsync($"/views/customer-spend/a%2Fb%20%F0%9F%98%80?receipt={receipt}");
        Assert.True(JsonElement.DeepEquals(read, pushed), pushed.GetRawText());
        Assert.Equal(read.EnumerateObject().Select(property => property.Name), pushed.EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task Versions_come_without_gap_or_repeat_through_reconnects_and_a_restart_of_the_host()
    {
        using var data = new TempDirectory();
        var host = await RunningHost.StartAsync(data.Path);
        try
        {
            await using var watcher = await NodeWatcher.StartAsync(host.Address, "Watch", "customer-spend", "c", null, "every");
            var versions = await watcher.VersionsUntilAsync(0);
            await host.Client.OrdersAsync(Orders(1, 50));
            versions.AddRange(await watcher.VersionsUntilAsync(25));
            await watcher.ReconnectAsync();
            await host.Client.OrdersAsync(Orders(51, 100));
            versions.AddRange(await watcher.VersionsUntilAsync(75));

            var address = host.Address;
            await host.DisposeAsync();
            host = await RunningHost.StartAsync(data.Path, $"--urls={address}");
            await host.Client.OrdersAsync(Orders(101, 150));
            versions.AddRange(await watcher.VersionsUntilAsync(150));
            Assert.Equal(Enumerable.Range(0, 151).Select(version => (long)version), versions);
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_watched_rank_is_pushed_in_order_whenever_it_changes()
    {
        using var data = new TempDirectory();
        await using var host = await RunningHost.StartAsync(data.Path);
        await using var watcher = await NodeWatcher.StartAsync(host.Address, "WatchTop", "customer-spend", "total", "2");
        var empty = await watcher.NextAsync();
        Assert.Equal(["items", "next"], empty.EnumerateObject().Select(property => property.Name));
        Assert.Equal((0, JsonValueKind.Null), (empty.GetProperty("items").GetArrayLength(), empty.GetProperty("next").ValueKind));
        await host.Client.OrdersAsync(Post.Order("o1", "small", 1), Post.Order("o2", "large", 3), Post.Order("o3", "middle", 2));
        string?[] keys;
        do
            keys = [.. (await watcher.NextAsync()).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("key").GetString())];
        while (!keys.SequenceEqual(["large", "middle"]));
    }

    [Theory]
    [InlineData("Watch", "nope", "x", null, null, "There is no view 'nope'.")]
    [InlineData("Watch", "game", null, null, null, "The key must be 1 to 512 bytes")]
    [InlineData("Watch", "game", "x", "nonsense", null, "The token is not one")]
    [InlineData("Watch", "game", "x", null, "all", "mode is 'all'")]
    [InlineData("WatchTop", "game", "nope", null, null, "no rank 'nope'")]
    [InlineData("WatchTop", "player", "rating", "5000", null, "take is 5000")]
    public async Task Arguments_that_are_not_valid_end_the_stream_with_a_reason(string method, string view, string? second, string? third, string? fourth, string reason)
    {
        using var data = new TempDirectory();
        await using var host = await RunningHost.StartAsync(data.Path);
        await using var watcher = await NodeWatcher.StartAsync(host.Address, method, view, second, third, fourth);
        var ended = await watcher.NextLineAsync();
        Assert.Contains(reason, ended.GetProperty("ended").GetString(), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Orders(int first, int last) => Enumerable.Range(first, last - first + 1).Select(i => Post.Order($"o{i}", "c"));
}
