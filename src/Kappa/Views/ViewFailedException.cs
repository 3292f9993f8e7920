namespace Kappa.Views;

/// <summary>This view has stopped because of damage or a broken invariant; other views go on. The reason says where.</summary>
public sealed class ViewFailedException(string view, string reason, Exception? cause = null)
    : InvalidOperationException($"View '{view}' has stopped: {reason}", cause)
{
    public string View { get; } = view;
}
