using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kappa.Tests;

/// <summary>A host of a few lines on the loopback interface: what it is asked is kept, what it answers the test says.</summary>
internal sealed class FakeHost : IDisposable
{
    private readonly HttpListener _listener = new();

    public FakeHost()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
        }
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = AnswerAllAsync();
    }

    public string Address { get; }

    /// <summary>Answers a request, given as method, raw target and body.</summary>
    public Func<string, string, string, (int Status, string Body)> Answer { get; set; } = (_, _, _) => (404, "{}");

    public ConcurrentQueue<(string Request, string Body, string? ContentType)> Asked { get; } = new();

    public void Dispose() => _listener.Close();

    private async Task AnswerAllAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            var (method, target, body) = (context.Request.HttpMethod, context.Request.RawUrl!, await reader.ReadToEndAsync());
            Asked.Enqueue(($"{method} {target}", body, context.Request.ContentType));
            var (status, answer) = Answer(method, target, body);
            context.Response.StatusCode = status;
            if (status is 429 or 503)
                context.Response.Headers["Retry-After"] = "0";
            context.Response.Close(Encoding.UTF8.GetBytes(answer), willBlock: true);
        }
    }
}
