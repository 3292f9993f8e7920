using System.Net;

namespace Kappa.Tests.Api;

public sealed class ReadTests : IAsyncLifetime
{
    private readonly TempDirectory _data = new();
    private RunningHost _host = null!;

    public async Task InitializeAsync() => _host = await RunningHost.StartAsync(_data.Path);

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task If_None_Match_gives_304_until_the_state_changes()
    {
        var receipt = await _host.Client.OrdersAsync(Post.Order("o1", "c"));
        using var first = await _host.Client.GetAsync($"/views/customer-spend/c?receipt={receipt}");
        var tag = first.Headers.ETag!.Tag;
        Assert.Equal(tag, $"\"{(await first.JsonAsync(HttpStatusCode.OK)).GetProperty("token").GetString()}\"");
        foreach (var condition in (string[])[tag, $"W/{tag}", $"\"other\", {tag}", "*"])
            Assert.Equal(HttpStatusCode.NotModified, await StatusAsync(condition));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("\"other\""));

        receipt = await _host.Client.OrdersAsync(Post.Order("o2", "c"));
        await _host.Client.ReadAsync($"/views/customer-spend/c?receipt={receipt}");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(tag));

        async Task<HttpStatusCode> StatusAsync(string condition)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/views/customer-spend/c");
            request.Headers.TryAddWithoutValidation("If-None-Match", condition);
            using var answer = await _host.Client.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Keys_come_page_by_page_in_the_order_of_their_bytes()
    {
        string[] keys = ["a", "a/b", "b", "z", "é", "😀", "\ufffd"];
        var receipt = await _host.Client.OrdersAsync(keys.Select((key, i) => Post.Order($"o{i}", key)));
        foreach (var key in keys)
            await _host.Client.ReadAsync($"/views/customer-spend?key={Uri.EscapeDataString(key)}&receipt={receipt}");
        var (found, after) = (new List<string>(), "");
        do
        {
            var page = await _host.Client.ReadAsync($"/views/customer-spend?take=2{after}");
            found.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("key").GetString()!));
            after = page.GetProperty("next").GetString() is { } next ? $"&after={Uri.EscapeDataString(next)}" : null;
        }
        while (after is not null);
        // By UTF-8, the replacement character stands before the emoji; by UTF-16 it would stand behind.
        Assert.Equal(["a", "a/b", "b", "z", "é", "\ufffd", "😀"], found);
    }

    [Fact]
    public async Task Ranks_descend_and_lookups_find()
    {
        var receipt = await _host.Client.OrdersAsync(Post.Order("o1", "small", 1), Post.Order("o2", "large", 3), Post.Order("o3", "equal", 1),
            """{"specversion":"1.0","id":"r","source":"/tests","type":"shop.customer.registered","subject":"customer","data":{"customerId":"large","name":"Ada Lovelace","email":"ada@x.example"}}""");
        foreach (var key in (string[])["small", "large", "equal"])
            await _host.Client.ReadAsync($"/views/customer-spend/{key}?receipt={receipt}");
        var top = await _host.Client.ReadAsync("/views/customer-spend/top/total?take=3");
        Assert.Equal(["large", "equal", "small"], top.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("key").GetString()));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, top.GetProperty("next").ValueKind);
        foreach (var path in (string[])["/views/customer-spend/by/name/Ada%20L", "/views/customer-spend/by/email/ada%40x.example"])
            Assert.Equal("large", Assert.Single((await _host.Client.ReadAsync(path)).GetProperty("items").EnumerateArray()).GetProperty("key").GetString());
    }

    [Fact]
    public async Task The_log_is_read_on_from_next_until_it_stays()
    {
        await _host.Client.OrdersAsync(Enumerable.Range(0, 250).Select(i => Post.Order($"o{i}", $"c{i}").Replace("\"subject\":\"customer\"", "\"partitionkey\":\"one\"", StringComparison.Ordinal)));
        var partitions = (await _host.Client.ReadAsync("/log")).GetProperty("partitions").EnumerateArray().ToList();
        Assert.Equal(4, partitions.Count);
        var full = partitions.Single(partition => partition.GetProperty("next").GetInt64() == 250).GetProperty("partition").GetInt32();
        var (ids, from) = (new List<string>(), 0L);
        while (true)
        {
            var page = await _host.Client.ReadAsync($"/log/{full}?from={from}&take=99");
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            if (page.GetProperty("next").GetInt64() == from)
                break;
            from = page.GetProperty("next").GetInt64();
        }
        Assert.Equal(Enumerable.Range(0, 250).Select(i => $"o{i}"), ids);
    }

    [Fact]
    public async Task Views_are_listed_with_how_they_do_and_audited()
    {
        var receipt = await _host.Client.OrdersAsync(Post.Order("o1", "c"), Post.Order("o2", "d"));
        await _host.Client.ReadAsync($"/views/customer-spend/c?receipt={receipt}");
        await _host.Client.ReadAsync($"/views/customer-spend/d?receipt={receipt}");
        var view = (await _host.Client.ReadAsync("/views")).GetProperty("items").EnumerateArray().Single(item => item.GetProperty("view").GetString() == "customer-spend");
        Assert.Equal(["view", "version", "status", "instances", "watermark", "lag"], view.EnumerateObject().Select(property => property.Name).Take(6));
        Assert.Equal(("live", 2), (view.GetProperty("status").GetString(), view.GetProperty("instances").GetInt32()));
        var audit = await _host.Client.ReadAsync("/audit/customer-spend");
        Assert.True(audit.GetProperty("complete").GetBoolean());
        Assert.Equal(2, audit.GetProperty("applied").GetInt64());
        var ready = await _host.Client.ReadAsync("/health/ready");
        Assert.Equal("ready", ready.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Two_hundred_thousand_keys_are_folded_listed_and_served()
    {
        const int keys = 200_000, perRequest = 5000;
        string[] receipts = new string[keys / perRequest];
        for (var request = 0; request < receipts.Length; request++)
            receipts[request] = await _host.Client.OrdersAsync(Enumerable.Range(request * perRequest, perRequest).Select(i => Post.Order($"o{i}", $"customer {i:D6} / 😀")));
        // The last receipt covers all of the one partition; so many keys stand in every shard.
        for (var i = keys - 64; i < keys; i++)
            await _host.Client.ReadAsync($"/views/customer-spend?key={Uri.EscapeDataString($"customer {i:D6} / 😀")}&receipt={receipts[^1]}&wait=60s");
        var (count, after, last) = (0, "", "");
        do
        {
            var page = await _host.Client.ReadAsync($"/views/customer-spend?take=1000{after}");
            foreach (var item in page.GetProperty("items").EnumerateArray())
            {
                var key = item.GetProperty("key").GetString()!;
                Assert.True(string.CompareOrdinal(last, key) < 0);
                (last, count) = (key, count + 1);
            }
            after = page.GetProperty("next").GetString() is { } next ? $"&after={Uri.EscapeDataString(next)}" : null;
        }
        while (after is not null);
        Assert.Equal(keys, count);
        var audit = await _host.Client.ReadAsync("/audit/customer-spend");
        Assert.True(audit.GetProperty("complete").GetBoolean());
    }
}
