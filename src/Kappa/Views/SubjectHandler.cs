using System.Text;
using Kappa.Events;

namespace Kappa.Views;

internal sealed class SubjectHandler<TState, TEvent>(
    string prefix, Func<TState, TEvent, EventContext, TState?> fold) : FoldHandler<TState>
    where TState : class, IViewState<TState> where TEvent : class
{
    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(prefix);

    public override Type Record => typeof(TEvent);
    public override bool RoutesOnHeader => true;

    public override void Route(object? decoded, in RecordedEvent recorded, ref RoutedKeys keys)
    {
        var subject = recorded.Subject;
        if (subject.StartsWith(_prefix))
            keys.Add(Encoding.UTF8.GetString(subject[_prefix.Length..]));
    }

    public override TState? Fold(TState state, object decoded, EventContext at) => fold(state, (TEvent)decoded, at);
}
