using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Kappa.Tests.Dashboard;

public sealed class DashboardHttpTests(DashboardHost host) : IClassFixture<DashboardHost>, IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = host.Address };

    [Theory]
    [InlineData("/")]
    [InlineData("/dashboard/quarantine")]
    [InlineData("/dashboard/audit")]
    [InlineData("/dashboard/rebuilds")]
    [InlineData("/dashboard/views/player")]
    public async Task Every_page_allows_only_what_this_host_serves(string path)
    {
        using var answer = await _http.GetAsync(path);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dashboard/views/none")]
    [InlineData("/dashboard/views/none/instance?key=1")]
    [InlineData("/dashboard/views/player/instance")]
    [InlineData("/dashboard/views/player?by=none&value=1")]
    public async Task What_is_not_there_is_404(string path)
    {
        using var answer = await _http.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("Not found", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_shown_as_text_whatever_it_holds()
    {
        var html = await _http.GetStringAsync("/dashboard/views/player/instance?key=" + Uri.EscapeDataString("<script>alert(1)</script>"));
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData(null)]
    public async Task A_form_of_another_site_is_refused(string? site)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/dashboard/quarantine/retry");
        request.Content = new FormUrlEncodedContent([new("view", "player"), new("key", "1")]);
        if (site is not null)
            request.Headers.Add("Sec-Fetch-Site", site);
        using var answer = await _http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task The_stream_of_a_page_sends_changes_that_build_the_whole_page()
    {
        const string path = "/dashboard/views/customer-spend/instance?key=streamed";
        await host.AppendAsync(Orders.Placed("streamed", "o1", 1), "customer/streamed", "customer-spend", "streamed");
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var answer = await FollowAsync(path, timeout.Token);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(timeout.Token));

        var html = await ReadUntilAsync(lines, "", "\"total\": 1", timeout.Token);
        await host.AppendAsync(Orders.Placed("streamed", "o2", 41), "customer/streamed", "customer-spend", "streamed");
        html = await ReadUntilAsync(lines, html, "v2</span>", timeout.Token);

        Assert.Contains("\"total\": 42", WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        Assert.EndsWith("</section>", html.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_nobody_follows_any_more_watches_nothing()
    {
        const string path = "/dashboard/views/customer-spend/instance?key=left";
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (var visit = 0; visit < DashboardHost.WatchersMax * 2; visit++)
        {
            using var answer = await FollowAsync(path, timeout.Token);
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(timeout.Token));
            Assert.NotNull(await lines.ReadLineAsync(timeout.Token));
        }
        // The host learns of the last ones a moment later; were they kept, no watch would ever be free again.
        HttpStatusCode status;
        do
        {
            using var answer = await _http.GetAsync(path, timeout.Token);
            status = answer.StatusCode;
        }
        while (status == HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, status);
    }

    private async Task<HttpResponseMessage> FollowAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>Puts the page together as the browser does, until it holds a text.</summary>
    private static async Task<string> ReadUntilAsync(StreamReader lines, string html, string text, CancellationToken cancellationToken)
    {
        while (!WebUtility.HtmlDecode(html).Contains(text, StringComparison.Ordinal))
        {
            var line = await lines.ReadLineAsync(cancellationToken);
            Assert.NotNull(line);
            if (!line.StartsWith("data: ", StringComparison.Ordinal))
                continue;
            using var change = JsonDocument.Parse(line[6..]);
            var (head, tail) = (change.RootElement.GetProperty("head").GetInt32(), change.RootElement.GetProperty("tail").GetInt32());
            html = html[..head] + change.RootElement.GetProperty("html").GetString() + html[^tail..];
        }
        return html;
    }

    public void Dispose() => _http.Dispose();
}
