using Kappa.Log;

namespace Kappa.Tests.Log;

/// <summary>The sides of one log.</summary>
public sealed record OpenedLog(ILogReader Reader, ILogWriter Writer, IAsyncDisposable Close);
