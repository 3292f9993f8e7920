using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kappa.Tests.Api;

public sealed class AppendTests : IAsyncLifetime
{
    private readonly TempDirectory _data = new();
    private RunningHost _host = null!;

    private HttpClient Client => _host.Client;

    public async Task InitializeAsync() => _host = await RunningHost.StartAsync(_data.Path);

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task A_read_with_the_receipt_of_an_append_reflects_it()
    {
        for (var i = 1; i <= 20; i++)
        {
            var receipt = await Client.OrdersAsync(Post.Order($"o{i}", "17850", 2.50m));
            var envelope = await Client.ReadAsync($"/views/customer-spend/17850?receipt={receipt}");
            Assert.Equal(i, envelope.GetProperty("version").GetInt64());
            Assert.Equal(2.50m * i, envelope.GetProperty("state").GetProperty("total").GetDecimal());
        }
    }

    [Fact]
    public async Task The_envelope_has_its_properties_in_order_and_times_in_utc()
    {
        var receipt = await Client.OrdersAsync(Post.Order("o1", "c").Replace("2010-12-01T08:26:00Z", "2010-12-01T10:26:00.5+02:00", StringComparison.Ordinal));
        var envelope = await Client.ReadAsync($"/views/customer-spend/c?receipt={receipt}");
        Assert.Equal(["view", "key", "viewVersion", "version", "token", "time", "appended", "position", "state"], envelope.EnumerateObject().Select(property => property.Name));
        Assert.Equal("2010-12-01T08:26:00.5Z", envelope.GetProperty("time").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$", envelope.GetProperty("appended").GetString());
        Assert.Matches(@"^\d:0$", envelope.GetProperty("position").GetString());
    }

    [Fact]
    public async Task An_event_that_is_there_already_counts_as_a_duplicate_and_changes_nothing()
    {
        await Client.OrdersAsync(Post.Order("o1", "c"));
        using var again = await Client.EventsAsync($"[{Post.Order("o1", "c")},{Post.Order("o2", "c")},{Post.Order("o2", "c")}]", "application/cloudevents-batch+json; charset=utf-8");
        var json = await again.JsonAsync(HttpStatusCode.OK);
        Assert.Equal((1, 2), (json.GetProperty("appended").GetInt32(), json.GetProperty("duplicates").GetInt32()));
        var envelope = await Client.ReadAsync($"/views/customer-spend/c?receipt={json.GetProperty("receipt").GetString()}");
        Assert.Equal(2, envelope.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task Binary_mode_takes_attributes_from_headers_and_the_body_as_data()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/events") { Content = new StringContent("hello", Encoding.UTF8, "text/plain") };
        foreach (var (name, value) in ((string, string)[])[("ce-specversion", "1.0"), ("ce-id", "b1"), ("ce-source", "/tests"), ("ce-type", "note"), ("ce-subject", "Euro%20%E2%82%AC")])
            request.Headers.Add(name, value);
        using var answer = await Client.SendAsync(request);
        await answer.JsonAsync(HttpStatusCode.OK);
        var stored = Assert.Single(await Client.LogAsync());
        Assert.Equal("Euro €", stored.GetProperty("subject").GetString());
        Assert.Equal("aGVsbG8=", stored.GetProperty("data_base64").GetString());
    }

    [Fact]
    public async Task Binary_mode_refuses_an_attribute_that_is_sent_in_two_headers()
    {
        // A client library would make one header of them.
        using var client = new TcpClient();
        await client.ConnectAsync(Client.BaseAddress!.Host, Client.BaseAddress.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /events HTTP/1.1\r\nHost: {Client.BaseAddress.Authority}\r\nConnection: close\r\n"
            + "ce-specversion: 1.0\r\nce-id: 1\r\nce-id: 2\r\nce-source: /tests\r\nce-type: note\r\nContent-Length: 0\r\n\r\n"));
        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 400 ", await reader.ReadToEndAsync().WaitAsync(Post.Patience), StringComparison.Ordinal);
        Assert.Empty(await Client.LogAsync());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json")]
    [InlineData("application/cloudevents+xml")]
    [InlineData("application/cloudevents+json; charset=utf-16")]
    [InlineData(null)]
    public async Task A_content_type_that_is_not_cloudevents_is_415(string? contentType)
    {
        using var answer = await Client.EventsAsync(Encoding.UTF8.GetBytes(Post.Order("o1", "c")), contentType);
        await answer.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type", "Content-Type");
    }

    [Fact]
    public async Task One_event_that_does_not_fit_refuses_all_and_is_named_by_index_and_field()
    {
        var wrong = Post.Order("o2", "c").Replace("\"total\":1", "\"total\":\"much\"", StringComparison.Ordinal);
        using var answer = await Client.EventsAsync($"[{Post.Order("o1", "c")},{wrong}]", "application/cloudevents-batch+json");
        var error = Assert.Single((await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-events")).GetProperty("errors").EnumerateArray());
        Assert.Equal(1, error.GetProperty("index").GetInt32());
        Assert.Equal("data.total", error.GetProperty("field").GetString());
        Assert.NotEqual("", error.GetProperty("reason").GetString());
        Assert.Empty(await Client.LogAsync());
    }

    [Fact]
    public async Task Extensions_named_kappa_are_refused()
    {
        using var answer = await Client.EventsAsync(Post.Order("o1", "c").Replace("\"subject\"", "\"kappatime\":\"x\",\"subject\"", StringComparison.Ordinal));
        await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-events");
    }
}
