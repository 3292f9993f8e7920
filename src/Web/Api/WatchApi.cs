using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Kappa.Views;
using Kappa.Web.Http;
using Kappa.Web.Live;

namespace Kappa.Web.Api;

/// <summary>
/// Watches by Server-Sent Events. Each state is written straight into the response and flushed at once; a slow reader
/// holds up only its own watch, because the next state is asked for only once the last one went out.
/// </summary>
public sealed class WatchApi(IViews views, WatchPlaces places, WebLimits limits, TimeProvider time, IHostApplicationLifetime lifetime)
{
    private const string MediaType = "text/event-stream";

    public static bool IsAskedFor(HttpRequest request)
    {
        foreach (var line in request.Headers.Accept)
            foreach (var part in line.AsSpan().Split(','))
                if (line.AsSpan()[part].Trim().StartsWith(MediaType, StringComparison.OrdinalIgnoreCase))
                    return true;
        return false;
    }

    public async Task WatchAsync(HttpContext context, string view, string key, string? token, WatchMode mode)
    {
        // What an EventSource sends when it comes back knows more than the address it was made with.
        var from = QueryText.Token(context.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } last] ? last : token);
        if (!places.TryTake())
            throw Problem.Overloaded("too-many-watches", "This host serves as many watches as it may (Kappa:Watch:WatchersMax); try again shortly.").AsException();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await using var states = views.WatchAsync(view, key, from, mode, ended.Token).GetAsyncEnumerator(CancellationToken.None);
            // Asked for before the answer begins: what stands in the way of the watch is then told as a problem.
            var first = states.MoveNextAsync().AsTask();
            if (first.IsFaulted)
                await first;
            await StreamAsync(context.Response, states, first, ended);
        }
        catch (Exception e) when ((context.Response.HasStarted && e is EngineStoppedException or ViewFailedException) || (e is OperationCanceledException or IOException && ended.IsCancellationRequested))
        {
            // A clean end: the client comes back by itself with the last token that it saw.
        }
        finally
        {
            places.GiveBack();
        }
    }

    private async Task StreamAsync(HttpResponse response, IAsyncEnumerator<ViewEnvelope> states, Task<bool> first, CancellationTokenSource ended)
    {
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        var body = response.BodyWriter;
        using var turn = new SemaphoreSlim(1);
        body.Write("retry: 1000\n\n"u8);
        // Not to be cancelled: the first state is being waited for, and must have come or failed before the watch is let go.
        await body.FlushAsync(CancellationToken.None);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(ended.Token);
        var comments = CommentAsync(body, turn, done.Token);
        await using var json = new Utf8JsonWriter(body, JsonText.Options);
        try
        {
            for (var more = await first; more; more = await states.MoveNextAsync())
            {
                var state = states.Current;
                using var span = WebTracing.Push(state);
                await turn.WaitAsync(ended.Token);
                try
                {
                    Write(body, json, state);
                    if ((await body.FlushAsync(ended.Token)).IsCompleted)
                        return;
                }
                finally
                {
                    turn.Release();
                }
            }
        }
        finally
        {
            await done.CancelAsync();
            await comments;
        }
    }

    private static void Write(PipeWriter body, Utf8JsonWriter json, ViewEnvelope state)
    {
        body.Write("event: state\nid: "u8);
        Encoding.ASCII.GetBytes(state.Token.ToString(), body);
        body.Write("\ndata: "u8);
        json.Reset();
        EnvelopeJson.Write(json, state);
        json.Flush();
        body.Write("\n\n"u8);
    }

    private async Task CommentAsync(PipeWriter body, SemaphoreSlim turn, CancellationToken done)
    {
        using var timer = new PeriodicTimer(limits.CommentEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(done))
            {
                await turn.WaitAsync(done);
                try
                {
                    body.Write(":\n\n"u8);
                    await body.FlushAsync(done);
                }
                finally
                {
                    turn.Release();
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The watch is over, or its reader has gone, which the watch itself finds out with its next write.
        }
    }
}
