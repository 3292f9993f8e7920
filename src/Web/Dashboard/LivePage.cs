using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Components.Web.HtmlRendering;
using Microsoft.AspNetCore.Http.Features;

namespace Kappa.Web.Dashboard;

/// <summary>
/// Serves one page in two forms of the same URL: as an HTML document, and, where the browser accepts
/// <c>text/event-stream</c>, as that page's content each time it changes. The components live on the server for as long
/// as the stream is open; a browser that reads slowly gets fewer and newer contents.
/// </summary>
internal static class LivePage
{
    private const int StreamsMax = 500;
    private static readonly TimeSpan _sendEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _keepAliveEvery = TimeSpan.FromSeconds(15);
    private static int _streams;

    public static async Task ServeAsync<TPage>(HttpContext http) where TPage : LiveComponent
    {
        DashboardSecurity.Protect(http.Response);
        if (!http.Request.Headers.Accept.Any(accept => accept?.Contains("text/event-stream", StringComparison.Ordinal) == true))
            await WriteDocumentAsync<TPage>(http);
        else if (Interlocked.Increment(ref _streams) > StreamsMax)
        {
            Interlocked.Decrement(ref _streams);
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers.RetryAfter = "5";
        }
        else
            await WriteStreamAsync<TPage>(http);
    }

    private static async Task WriteDocumentAsync<TPage>(HttpContext http) where TPage : LiveComponent
    {
        var page = new PageContext(http.Request, live: false);
        // The page first: only then are its title and its status known.
        var content = await RenderAsync<TPage>(http, new() { [nameof(LiveComponent.Page)] = page });
        var document = await RenderAsync<Document>(http, new()
        {
            [nameof(Document.Page)] = page,
            [nameof(Document.Content)] = new MarkupString(content),
        });
        http.Response.StatusCode = page.Status;
        http.Response.ContentType = "text/html; charset=utf-8";
        await http.Response.WriteAsync(document, http.RequestAborted);
    }

    private static async Task<string> RenderAsync<TComponent>(HttpContext http, Dictionary<string, object?> parameters)
        where TComponent : IComponent
    {
        await using var renderer = Renderer(http);
        return await HtmlAsync(renderer, await StartAsync<TComponent>(renderer, parameters));
    }

    private static async Task WriteStreamAsync<TPage>(HttpContext http) where TPage : LiveComponent
    {
        var services = http.RequestServices;
        var time = services.GetRequiredService<TimeProvider>();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            http.RequestAborted, services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = "text/event-stream";
        try
        {
            var page = new PageContext(http.Request, live: true);
            await using var renderer = Renderer(http);
            var root = await StartAsync<TPage>(renderer, new() { [nameof(LiveComponent.Page)] = page });
            await SendChangesAsync(() => HtmlAsync(renderer, root), page.Changed, http.Response, time, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The browser left, or the host stops.
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    private static async Task SendChangesAsync(
        Func<Task<string>> render, Signal rendered, HttpResponse response, TimeProvider time, CancellationToken cancellationToken)
    {
        var sent = "";
        while (true)
        {
            var seen = rendered.Number;
            var html = await render();
            if (html != sent)
                await SendAsync(response, PageChange.Between(sent, html), cancellationToken);
            sent = html;
            while (!await ChangedAsync(rendered, seen, time, cancellationToken))
                await SendAsync(response, ":\n\n"u8.ToArray(), cancellationToken);
            await Task.Delay(_sendEvery, time, cancellationToken);
        }
    }

    /// <summary>False if there was no change for so long that the connection needs a sign of life.</summary>
    private static async Task<bool> ChangedAsync(Signal rendered, long seen, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await rendered.AfterAsync(seen, cancellationToken).WaitAsync(_keepAliveEvery, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static async Task SendAsync(HttpResponse response, byte[] bytes, CancellationToken cancellationToken)
    {
        await response.Body.WriteAsync(bytes, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }

    private static HtmlRenderer Renderer(HttpContext http) =>
        new(http.RequestServices, http.RequestServices.GetRequiredService<ILoggerFactory>());

    /// <summary>Renders a component and waits until it has loaded what it shows. It lives until the renderer is disposed.</summary>
    private static Task<HtmlRootComponent> StartAsync<TComponent>(HtmlRenderer renderer, Dictionary<string, object?> parameters)
        where TComponent : IComponent =>
        renderer.Dispatcher.InvokeAsync(() => renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters)));

    private static Task<string> HtmlAsync(HtmlRenderer renderer, HtmlRootComponent root) =>
        renderer.Dispatcher.InvokeAsync(root.ToHtmlString);
}
