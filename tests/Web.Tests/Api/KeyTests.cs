using System.Net;
using System.Text;

namespace Kappa.Tests.Api;

public sealed class KeyTests : IAsyncLifetime
{
    private readonly TempDirectory _data = new();
    private RunningHost _host = null!;

    public async Task InitializeAsync() => _host = await RunningHost.StartAsync(_data.Path);

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _data.Dispose();
    }

    public static TheoryData<string> Keys =>
    [
        "17850", "a/b", "a//b", "/", "100%", "%2F", "%25", "two words", "+", "a+b", "😀", "ключ", "a?b#c&d=e", "..", ".", "a/../b", "by", "top", "history",
        "BY", "Top", "retry", "\u0001", "\u007f", "\\", "\"", "<b>", "e\u0301", "\u00e9", " ", new('k', 512), new('ж', 256), "views", "a;b,c:d@e!$'()*",
    ];

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Any_key_can_be_read_explained_and_listed(string key)
    {
        var receipt = await _host.Client.OrdersAsync(Post.Order("o1", key));
        // Every byte encoded: what a careful client sends, and the only way for '..', 'by' and 'top' in a path.
        var encoded = string.Concat(Encoding.UTF8.GetBytes(key).Select(one => $"%{one:X2}"));
        foreach (var path in (string[])[$"/views/customer-spend/{encoded}?receipt={receipt}", $"/views/customer-spend?key={encoded}&receipt={receipt}",
            $"/views/customer-spend/{Uri.EscapeDataString(key)}"])
        {
            var envelope = await _host.Client.ReadAsync(path);
            Assert.Equal(key, envelope.GetProperty("key").GetString());
        }
        var history = await _host.Client.ReadAsync($"/views/customer-spend/{encoded}/history");
        Assert.Equal(1, history.GetProperty("items").GetArrayLength());
        var keys = await _host.Client.ReadAsync($"/views/customer-spend?prefix={encoded}");
        Assert.Equal(key, Assert.Single(keys.GetProperty("items").EnumerateArray()).GetProperty("key").GetString());
        await using var watch = await Watch.StartAsync(_host.Client, $"/views/customer-spend/{encoded}");
        Assert.Equal(key, (await watch.NextAsync())!.Value.State.GetProperty("key").GetString());
    }

    [Theory]
    [InlineData("%FF")]
    [InlineData("%C0%AF")]
    [InlineData("%ED%A0%80")]
    [InlineData("%")]
    [InlineData("%4")]
    [InlineData("%zz")]
    public async Task A_key_that_is_not_percent_encoded_UTF8_is_400(string segment)
    {
        await Problem($"/views/customer-spend/{segment}", "key");
        await Problem($"/views/customer-spend/{segment}/history", "key");
        await Problem($"/views/customer-spend?key={segment}", null);
    }

    [Fact]
    public async Task A_key_that_is_empty_or_too_long_is_400()
    {
        await Problem("/views/customer-spend/", "key");
        await Problem("/views/customer-spend//history", "key");
        await Problem("/views/customer-spend/" + new string('k', 513), "key");
        await Problem("/views/customer-spend?key=" + new string('k', 513), "key");
        await Problem("/views/customer-spend?key=", "key");
    }

    [Fact]
    public async Task A_segment_is_decoded_once_only()
    {
        await _host.Client.OrdersAsync(Post.Order("o1", "a%2Fb"), Post.Order("o2", "a/b"));
        var receipt = await _host.Client.OrdersAsync(Post.Order("o3", "a/b"));
        Assert.Equal(2, (await _host.Client.ReadAsync($"/views/customer-spend/a%2Fb?receipt={receipt}")).GetProperty("version").GetInt64());
        Assert.Equal(1, (await _host.Client.ReadAsync("/views/customer-spend/a%252Fb")).GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task Steps_up_in_a_path_lead_nowhere()
    {
        await Problem("/log/../views/customer-spend/a%2Fb", null, HttpStatusCode.NotFound);
        await Problem("/%76iews/customer-spend/a", null, HttpStatusCode.NotFound);
    }

    private async Task Problem(string path, string? field, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        using var answer = await _host.Client.GetAsync(Post.Raw(_host.Client, path));
        await answer.ProblemAsync(status, status == HttpStatusCode.NotFound ? "unknown-route" : "bad-request", field);
    }
}
