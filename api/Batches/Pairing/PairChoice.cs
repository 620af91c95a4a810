namespace HealthEval.Batches.Pairing;

/// <summary>
/// Which input file holds the request of which answer. Ids such as <c>request-1</c> come again every week, so a match is only taken when there is
/// no other: requests that nobody has answered yet, and if several files have an id, then with the same question.
/// </summary>
internal sealed class PairChoice
{
    private const int None = -1;
    private const int Several = -2;
    private const int Spent = -3;
    private readonly ulong[] _answers;
    private readonly int[] _choice;
    private readonly ulong[] _ask;

    private PairChoice(ulong[] answers)
    {
        (_answers, _choice, _ask) = (answers, new int[answers.Length], new ulong[answers.Length]);
        Array.Fill(_choice, None);
    }

    public static PairChoice For(IEnumerable<ulong> answers) => new([.. answers.Distinct().Order()]);

    public int Missing => _choice.Count(choice => choice == None);

    /// <summary>Requests that different files ask differently.</summary>
    public int Ambiguous => _choice.Count(choice => choice == Several);

    /// <summary>Requests that other answers have been given to.</summary>
    public int Answered => _choice.Count(choice => choice == Spent);

    public bool IsComplete => Array.TrueForAll(_choice, choice => choice >= 0);

    public IEnumerable<int> Files => _choice.Where(choice => choice >= 0).Distinct().Order();

    /// <summary>Looks for the answers' ids in one more file; the newest are to come first.</summary>
    public void Offer(int file, RequestKey[] keys, Func<int, bool> isAnswered)
    {
        var at = 0;
        for (var i = 0; i < _answers.Length; i++)
        {
            while (at < keys.Length && keys[at].Id < _answers[i])
            {
                at++;
            }

            if (at < keys.Length && keys[at].Id == _answers[i])
            {
                Take(i, file, keys[at].Ask, isAnswered(at));
            }
        }
    }

    public bool Has(ulong id) => Array.BinarySearch(_answers, id) >= 0;

    public bool Takes(int file, ulong id) => Array.BinarySearch(_answers, id) is >= 0 and var at && _choice[at] == file;

    private void Take(int answer, int file, ulong ask, bool isAnswered)
    {
        if (isAnswered)
        {
            _choice[answer] = _choice[answer] == None ? Spent : _choice[answer];
        }
        else if (_choice[answer] is None or Spent)
        {
            (_choice[answer], _ask[answer]) = (file, ask);
        }
        else if (_ask[answer] != ask)
        {
            _choice[answer] = Several;
        }
    }
}
