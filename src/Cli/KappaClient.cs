using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Kappa.Cli;

/// <summary>Speaks to a host. What goes wrong ends the command with a message that says what to do.</summary>
internal sealed class KappaClient : IDisposable
{
    public const string DefaultAddress = "http://127.0.0.1:5080";

    private static readonly TimeSpan _retryFor = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _pauseMax = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private bool _reached;

    public KappaClient(string address, TimeProvider? time = null)
    {
        if (!Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new CliException(ExitCode.Usage, $"'{address}' is no http address; give one such as {DefaultAddress}.");
        Address = uri;
        _time = time ?? TimeProvider.System;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = uri };
    }

    public Uri Address { get; }

    /// <summary>The JSON at a path; null if the host has no such thing.</summary>
    public async Task<JsonElement?> FindAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync(answer, cancellationToken);
    }

    /// <summary>The JSON at a path that every host has.</summary>
    public async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);
        return await ReadAsync(answer, cancellationToken);
    }

    /// <summary>Appends a JSON array of CloudEvents. May be repeated: the host drops what it has.</summary>
    public async Task<JsonElement> AppendAsync(ReadOnlyMemory<byte> batch, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(() => new HttpRequestMessage(HttpMethod.Post, "events")
        {
            Content = new ReadOnlyMemoryContent(batch) { Headers = { ContentType = new MediaTypeHeaderValue("application/cloudevents-batch+json") } },
        }, cancellationToken);
        return await ReadAsync(answer, cancellationToken);
    }

    /// <summary>Asks for something to be done. Repeated only where the host said that nothing was done.</summary>
    public async Task<HostAnswer> PostAsync(string path, string? json, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(() => new HttpRequestMessage(HttpMethod.Post, path)
        {
            // Without a body the client below would send it again by itself when the line breaks.
            Content = new StringContent(json ?? "{}", Encoding.UTF8, "application/json"),
        }, cancellationToken, mayRepeat: false);
        return new HostAnswer(Address, answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    /// <summary>The lines of an answer as they arrive.</summary>
    public async IAsyncEnumerable<string> LinesAsync(string path, string accept, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Accept = { new(accept) } } },
            cancellationToken, HttpCompletionOption.ResponseHeadersRead);
        if (!answer.IsSuccessStatusCode)
            new HostAnswer(Address, answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(cancellationToken)).ThrowIfRefused();
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
            yield return line;
    }

    public void Dispose() => _http.Dispose();

    /// <summary>A key as one segment of a path, or as a query where a segment of that name would mean something else.</summary>
    public static string InstancePath(string view, string key) => key is "." or ".." or "by" or "top"
        ? $"views/{Uri.EscapeDataString(view)}?key={Uri.EscapeDataString(key)}"
        : $"views/{Uri.EscapeDataString(view)}/{Uri.EscapeDataString(key)}";

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken,
        HttpCompletionOption until = HttpCompletionOption.ResponseContentRead, bool mayRepeat = true)
    {
        var started = _time.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(200); ; pause = pause * 2 < _pauseMax ? pause * 2 : _pauseMax)
        {
            var isLate = _time.GetElapsedTime(started) > _retryFor;
            try
            {
                using var message = request();
                var answer = await _http.SendAsync(message, until, cancellationToken);
                _reached = true;
                if (answer.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) || isLate)
                    return answer;
                pause = answer.Headers.RetryAfter?.Delta is { } wished ? wished < _pauseMax ? wished : _pauseMax : pause;
                answer.Dispose();
            }
            // A host that answered before may be restarting; one that never did is probably not there.
            catch (HttpRequestException e) when (!_reached || isLate || !mayRepeat)
            {
                throw new CliException(ExitCode.Unreachable,
                    $"cannot reach {Address} ({e.Message}). Start a host with 'dotnet run --project src/Web', or name another with --to.", e);
            }
            catch (HttpRequestException)
            {
                _reached = true;
            }
            await Task.Delay(pause, _time, cancellationToken);
        }
    }

    private async Task<JsonElement> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        return new HostAnswer(Address, answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(cancellationToken)).Json();
    }
}
