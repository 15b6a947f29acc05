using System.Collections.Frozen;

namespace Telemedicine.Clinical;

/// <summary>Which states may follow which. It stands beside the enum it is about; whatever it does not name is refused.</summary>
public sealed class StateTable<TState>
    where TState : struct, Enum
{
    private readonly FrozenDictionary<TState, FrozenSet<TState>> _next;

    public StateTable(IReadOnlyDictionary<TState, TState[]> next) =>
        _next = next.ToFrozenDictionary(row => row.Key, row => row.Value.ToFrozenSet());

    public bool Allows(TState from, TState to) => _next.TryGetValue(from, out var next) && next.Contains(to);

    /// <exception cref="IllegalTransitionException">The table does not allow it.</exception>
    public TState Move(TState from, TState to) =>
        Allows(from, to) ? to : throw new IllegalTransitionException($"{typeof(TState).Name} cannot go from {from} to {to}.");
}

/// <summary>A state change that the state table forbids: a defect of the caller, who should have asked first.</summary>
public sealed class IllegalTransitionException(string message) : InvalidOperationException(message);
