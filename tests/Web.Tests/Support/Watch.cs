using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Kappa.Tests;

/// <summary>A watch by Server-Sent Events, read as a client would: one event after the other.</summary>
internal sealed class Watch : IAsyncDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly IAsyncEnumerator<SseItem<string>> _items;

    private Watch(HttpResponseMessage answer, Stream body)
    {
        _answer = answer;
        _items = SseParser.Create(body).EnumerateAsync().GetAsyncEnumerator();
    }

    public static async Task<Watch> StartAsync(HttpClient client, string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Post.Raw(client, path));
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return new Watch(answer, await answer.Content.ReadAsStreamAsync());
    }

    /// <summary>The next state; null if the watch has ended.</summary>
    public async Task<(string Token, JsonElement State)?> NextAsync()
    {
        while (await _items.MoveNextAsync().AsTask().WaitAsync(Post.Patience))
            if (_items.Current is { EventType: "state", EventId: { } token, Data: var data })
                return (token, JsonDocument.Parse(data).RootElement);
        return null;
    }

    /// <summary>The versions from here until this one has come.</summary>
    public async Task<List<long>> VersionsUntilAsync(long last)
    {
        var versions = new List<long>();
        while (versions.Count == 0 || versions[^1] < last)
            versions.Add((await NextAsync() ?? throw new InvalidOperationException($"The watch ended after {versions.LastOrDefault()}.")).State.GetProperty("version").GetInt64());
        return versions;
    }

    public async ValueTask DisposeAsync()
    {
        // The answer first: it ends what the enumerator may be waiting for.
        _answer.Dispose();
        try
        {
            await _items.DisposeAsync();
        }
        catch (NotSupportedException)
        {
            // A read was under way; it has just been ended.
        }
    }
}
