using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Kappa.Web.Http;

/// <summary>
/// The body of a request in one pooled buffer. It grows with what has arrived, not with what was announced, and all
/// bodies together stay within a bound; a body that is too large, or too slow, is refused.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    private const int BytesAtFirst = 16 << 10;

    private readonly BodyPlaces _places;
    private byte[] _buffer = [];
    private int _length;

    private RequestBody(BodyPlaces places) => _places = places;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    public static async ValueTask<RequestBody> ReadAsync(HttpContext context, WebLimits limits, BodyPlaces places, TimeProvider time)
    {
        // The bound is kept here. The server's own would end the connection where it is exceeded, often before the answer
        // has arrived; without it the server reads on for a few seconds, so that the sender learns what is wrong.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } bound)
            bound.MaxRequestBodySize = null;
        if (context.Request.ContentLength > limits.RequestBytesMax)
            throw TooLarge(limits).AsException();
        var body = new RequestBody(places);
        try
        {
            var reader = context.Request.BodyReader;
            while (reader.TryRead(out var result))
                if (body.Take(reader, result, limits))
                    return body;
            using var slow = new CancellationTokenSource(limits.BodyTimeMax, time);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(slow.Token, context.RequestAborted);
            try
            {
                while (!body.Take(reader, await reader.ReadAsync(ended.Token), limits))
                {
                }
            }
            catch (OperationCanceledException) when (slow.IsCancellationRequested)
            {
                throw (Problem.OfStatus(StatusCodes.Status408RequestTimeout) with { EndsConnection = true }).AsException();
            }
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_buffer.Length == 0)
            return;
        _places.GiveBack(_buffer.Length);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    /// <summary>Takes in what has arrived; true if that was the last of it.</summary>
    private bool Take(PipeReader reader, in ReadResult result, WebLimits limits)
    {
        var arrived = result.Buffer;
        try
        {
            if (_length + arrived.Length > limits.RequestBytesMax)
                throw TooLarge(limits).AsException();
            if (_length + arrived.Length > _buffer.Length)
                Grow((int)(_length + arrived.Length));
            arrived.CopyTo(_buffer.AsSpan(_length));
            _length += (int)arrived.Length;
        }
        finally
        {
            // What was refused is given back too, or the server could not go on with the connection.
            reader.AdvanceTo(arrived.End);
        }
        return result.IsCompleted;
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(BytesAtFirst, 2 * _buffer.Length)));
        if (!_places.TryTake(larger.Length))
        {
            ArrayPool<byte>.Shared.Return(larger);
            throw Problem.Overloaded("overloaded", "More appends are under way than this host holds at once (Kappa:Http:BodiesBytesMax); send the same events again shortly.").AsException();
        }
        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer.Length > 0)
        {
            _places.GiveBack(_buffer.Length);
            ArrayPool<byte>.Shared.Return(_buffer);
        }
        _buffer = larger;
    }

    private static Problem TooLarge(WebLimits limits) => Problem.TooLarge("body",
        $"The body is larger than {limits.RequestBytesMax} bytes (Kappa:Log:RequestBytesMax); send the events in several requests.");
}
