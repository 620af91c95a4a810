namespace HealthEval.Intake.Formats;

/// <summary>What tools of the field write, each a table of paths.</summary>
internal static class Tools
{
    public static Format Promptfoo { get; } = new Declared("promptfoo", ["prompt.raw", "provider", "vars"], ["prompt.raw"], ["response.output"])
    {
        Model = ["provider.id", "provider"],
        Error = ["error", "response.error"],
        Grades = ["gradingResult", "success", "score", "namedScores"],
        Ignored = ["testCase", "failureReason", "latencyMs", "cost", "promptIdx", "testIdx", "promptId", "id", "tokenUsage", "metadata", "error"],
    }.Format();

    public static Format Helm { get; } = new Declared("helm", ["instance.input", "result.completions"], ["request.messages", "request.prompt", "instance.input.messages", "instance.input.text"], ["result.completions[].text"])
    {
        Model = ["request.model", "request.model_deployment"],
        Reference = ["instance.references[].output.text"],
        PromptId = ["instance.id"],
        Error = ["result.error"],
        Ignored = ["train_trial_index", "request_mode", "reference_index", "output_mapping", "num_train_instances", "prompt_truncated", "annotations"],
    }.Format();

    public static Format Vertex { get; } = new Declared("vertex-batch", ["request.contents"], ["request.contents"], ["response.candidates[].content"])
    {
        System = ["request.systemInstruction.parts"],
        Model = ["response.modelVersion", "model"],
        Error = ["status", "error", "response.promptFeedback.blockReason"],
        ItemId = ["key"],
        Ignored = ["processed_time", "status"],
    }.Format();

    public static Format Bedrock { get; } = new Declared(
        "bedrock-batch",
        ["modelInput"],
        ["modelInput.messages", "modelInput.prompt", "modelInput.inputText"],
        ["modelOutput.output", "modelOutput.content", "modelOutput.choices", "modelOutput.generation", "modelOutput.results[].outputText", "modelOutput.outputs[].text", "modelOutput.completion"])
    {
        System = ["modelInput.system"],
        Model = ["modelId", "modelOutput.model"],
        Error = ["error"],
        ItemId = ["recordId"],
    }.Format();

    /// <summary>The log of model invocations that Bedrock keeps.</summary>
    public static Format BedrockLog { get; } = new Declared(
        "bedrock-log",
        ["input.inputBodyJson", "output.outputBodyJson"],
        ["input.inputBodyJson.messages", "input.inputBodyJson.prompt", "input.inputBodyJson.inputText"],
        ["output.outputBodyJson.output", "output.outputBodyJson.content", "output.outputBodyJson.generation", "output.outputBodyJson.results[].outputText", "output.outputBodyJson.completion", "output.outputBodyJson.choices"])
    {
        System = ["input.inputBodyJson.system"],
        Model = ["modelId"],
        ItemId = ["requestId"],
        Ignored = ["schemaType", "schemaVersion", "timestamp", "accountId", "region", "operation", "identity"],
    }.Format();

    /// <summary>A chat completion with the messages that were asked beside it, as providers and gateways keep them.</summary>
    public static Format ChatCompletion { get; } = new Declared("chat-completion", ["messages", "choices[].message"], ["messages"], ["choices"])
    {
        Model = ["model"],
        ItemId = ["id"],
        Ignored = ["object", "created", "usage", "system_fingerprint", "service_tier"],
    }.Format();

    /// <summary>The same with request and response apart.</summary>
    public static Format Gateway { get; } = new Declared("gateway-log", ["request.messages", "response"], ["request.messages"], ["response.choices", "response.output", "response.content", "response"])
    {
        System = ["request.system"],
        Model = ["response.model", "request.model", "model"],
        Ignored = ["request_id", "created_at", "status"],
    }.Format();

    public static Format Gemini { get; } = new Declared("gemini", ["contents", "candidates[].content"], ["contents"], ["candidates[].content"])
    {
        System = ["systemInstruction.parts", "system_instruction.parts"],
        Model = ["modelVersion", "model"],
        Ignored = ["usageMetadata", "responseId", "createTime"],
    }.Format();

    /// <summary>vLLM offline: one prompt, one or more outputs.</summary>
    public static Format Vllm { get; } = new Declared("vllm", ["prompt", "outputs[].text"], ["messages", "prompt"], ["outputs[].text", "text"])
    {
        Ignored = ["meta_info", "output_ids", "request_id", "prompt_token_ids", "prompt_logprobs", "finished", "metrics", "lora_request", "encoder_prompt", "encoder_prompt_token_ids", "num_cached_tokens"],
        Model = ["model"],
    }.Format();

    /// <summary>SGLang offline: the text is the answer.</summary>
    public static Format Sglang { get; } = new Declared("sglang", ["prompt", "text"], ["messages", "prompt"], ["text", "outputs[].text"])
    {
        Model = ["model"],
        Ignored = ["meta_info", "output_ids", "request_id"],
    }.Format();

    /// <summary>LangSmith runs and examples; what an example of a data set has as output is loaded as the answer.</summary>
    public static Format LangSmith { get; } = new Declared(
        "langsmith",
        ["inputs", "outputs"],
        ["inputs"],
        [
            "outputs.output", "outputs.answer", "outputs.response", "outputs.completion", "outputs.generations", "outputs.choices", "outputs.messages", "outputs.message", "outputs.text", "outputs.content", "outputs.result",
            "outputs.generation", "outputs.prediction", "outputs.output_text", "outputs.final_answer", "outputs.role", "outputs",
        ])
    {
        Model = ["extra.metadata.ls_model_name", "extra.invocation_params.model", "metadata.ls_model_name", "outputs.llm_output.model_name", "outputs.model"],
        Reference = ["reference_outputs"],
        ItemId = ["id", "run_id"],
        Error = ["error"],
        Ignored =
        [
            "dataset_id", "created_at", "modified_at", "start_time", "end_time", "dotted_order", "trace_id", "session_id", "parent_run_id", "child_run_ids", "run_type", "status", "events", "feedback_stats", "total_tokens",
            "prompt_tokens", "completion_tokens", "total_cost", "prompt_cost", "completion_cost", "app_path", "manifest_id", "serialized", "extra", "error",
        ],
    }.Format();

    /// <summary>Phoenix and other collectors of OpenInference spans, nested or with flat names.</summary>
    public static Format Phoenix { get; } = new Declared(
        "openinference",
        ["attributes.input.value"],
        ["attributes.llm.input_messages", "attributes.input.value"],
        ["attributes.llm.output_messages", "attributes.output.value"])
    {
        Model = ["attributes.llm.model_name"],
        ItemId = ["context.span_id", "span_id"],
        Ignored =
        [
            "name", "span_kind", "parent_id", "start_time", "end_time", "status_code", "status_message", "events", "context.trace_id", "attributes.output.mime_type", "attributes.input.mime_type", "attributes.llm.token_count.prompt",
            "attributes.llm.token_count.completion", "attributes.llm.token_count.total", "attributes.llm.invocation_parameters", "attributes.openinference.span.kind", "cumulative_error_count", "cumulative_llm_token_count_prompt",
            "cumulative_llm_token_count_completion",
        ],
    }.Format();

    /// <summary>K-QA: a physician's answer, with the statements that an answer must have and those that are nice to have.</summary>
    public static Format Kqa { get; } = new(
        "k-qa",
        CommonFields.And(("prompt", ["Question"]), ("response", Names.Answers), ("rubric", ["Must_have", "Nice_to_have"])),
        record => Names.Prompts.Any(name => record.Has(name)) && record.HasList("must_have"),
        ReadKqa)
    {
        SuitsColumns = names => names.Any(name => Names.Same(name, "must_have")) && Names.Prompts.Any(prompt => names.Any(name => Names.Same(name, prompt))),
    };

    private static void ReadKqa(Fields fields)
    {
        fields.Draft.Rubric.AddRange(Rubrics.Statements(fields.Take));
        fields.Draft.PromptOnly = true;
        Columns.Read(fields);
    }
}
