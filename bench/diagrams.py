"""The diagram that is measured: a draft that is reviewed and returned for rework, as often as one likes."""

import json

DRAFT, REVIEW = "draft", "review"
_FORMS = {
    DRAFT: [{"type": "textarea", "key": "content", "label": "Nội dung", "validate": {"required": True}}],
    REVIEW: [
        {
            "type": "radio",
            "key": "decision",
            "label": "Quyết định",
            "validate": {"required": True},
            "values": [{"label": "Đồng ý", "value": "approve"}, {"label": "Trả lại", "value": "return"}],
        },
        {"type": "textarea", "key": "reason", "label": "Lý do"},
    ],
}
# What keeps the loop going, by element.
ANSWERS = {
    DRAFT: {"content": "Ra quân vệ sinh môi trường tại các khu dân cư"},
    REVIEW: {"decision": "return", "reason": "Bổ sung số liệu của khu 3"},
}
_BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:lt="urn:lienthong:bpmn:1"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="defs" targetNamespace="http://lienthong.bench">
<bpmn:process id="rework_loop" name="Soạn và duyệt" isExecutable="true">
<bpmn:startEvent id="start"/>
<bpmn:userTask id="draft" name="Soạn báo cáo" lt:form="draft"/>
<bpmn:userTask id="review" name="Duyệt báo cáo" lt:form="review" lt:workingDays="3"/>
<bpmn:exclusiveGateway id="good_enough" name="Được chưa?" default="good"/>
<bpmn:endEvent id="end"/>
<bpmn:sequenceFlow id="begin" sourceRef="start" targetRef="draft"/>
<bpmn:sequenceFlow id="hand_in" sourceRef="draft" targetRef="review"/>
<bpmn:sequenceFlow id="reviewed" sourceRef="review" targetRef="good_enough"/>
<bpmn:sequenceFlow id="returned" name="Trả lại" sourceRef="good_enough" targetRef="draft">
<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">decision == 'return'</bpmn:conditionExpression>
</bpmn:sequenceFlow>
<bpmn:sequenceFlow id="good" name="Được" sourceRef="good_enough" targetRef="end"/>
</bpmn:process>
</bpmn:definitions>
"""
LOOP = {
    "rework_loop.bpmn": _BPMN.encode(),
    **{
        f"{name}.form.json": json.dumps({"type": "default", "id": name, "components": parts}).encode()
        for name, parts in _FORMS.items()
    },
}
