using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace Kappa.Bench.Clients;

/// <summary>One customer that is watched: when each of its events was sent, and when the version it made was seen.</summary>
internal sealed class WatchedKey(string key, int events)
{
    // The n-th event of a key makes its version n, as a key's events are 100 ms apart.
    private readonly long[] _sent = new long[events];
    private readonly long[] _seen = new long[events];
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _next;

    /// <summary>Done once the first snapshot came.</summary>
    public Task Opened => _opened.Task;

    public IEnumerable<double> Latencies(int skip) =>
        _sent.Zip(_seen, (sent, seen) => Stopwatch.GetElapsedTime(sent, seen).TotalMilliseconds).Skip(skip);

    public async Task PostAsync(HttpClient http, string id)
    {
        var data = $$"""{"orderId":"{{id}}","customerId":"{{key}}","country":"UK","currency":"GBP","lines":[{"sku":"85123","quantity":6,"unitPrice":2.55}],"total":15.30}""";
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(
            $$"""{"specversion":"1.0","id":"{{id}}","source":"/latency","type":"shop.order.placed","subject":"customer/{{key}}","time":"2026-03-01T10:00:00Z","data":{{data}}}"""));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json");
        _sent[_next++] = Stopwatch.GetTimestamp();
        using var response = await http.PostAsync("/events", content);
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }

    /// <summary>Follows the key until its last version was seen.</summary>
    public async Task WatchAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/views/customer-spend/{key}?mode=every");
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[64 << 10];
        for (int used = 0, version = 0; version < events;)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(used), cancellationToken);
            var now = Stopwatch.GetTimestamp();
            if (read == 0)
                throw new InvalidOperationException($"The watch of {key} ended at version {version}.");
            used += read;
            var taken = Take(buffer.AsSpan(0, used), now, ref version);
            buffer.AsSpan(taken, used - taken).CopyTo(buffer);
            used -= taken;
        }
    }

    // Takes whole lines; returns how many bytes they are.
    private int Take(ReadOnlySpan<byte> bytes, long now, ref int version)
    {
        var taken = 0;
        for (int end; (end = bytes[taken..].IndexOf((byte)'\n')) >= 0; taken += end + 1)
        {
            var line = bytes.Slice(taken, end);
            var at = line.IndexOf("\"version\":"u8);
            if (!line.StartsWith("data:"u8) || at < 0)
                continue;
            if (!Utf8Parser.TryParse(line[(at + "\"version\":"u8.Length)..], out int seen, out _) || (seen != version + 1 && seen != 0))
                throw new InvalidOperationException($"The watch of {key} went from version {version} to {Encoding.UTF8.GetString(line)}");
            _opened.TrySetResult();
            if (seen > 0)
                _seen[(version = seen) - 1] = now;
        }
        return taken;
    }
}
